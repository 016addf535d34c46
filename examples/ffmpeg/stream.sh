#!/bin/sh
# Anything FFmpeg can read, at the pace it was recorded, through a pipe. Nothing is written to the disk.
#   sh stream.sh talk.avi > messages.jsonl
set -eu
ffmpeg -nostdin -loglevel error -re -i "$1" -c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M -g 50 -c:a libopus \
    -f matroska - | interhuman-stream stream -
