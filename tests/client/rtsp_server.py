"""A real RTSP server, GStreamer's: run by the system's Python, where Debian puts GStreamer. Prints its port."""

import sys

import gi  # type: ignore[import-not-found]  # the system's, not this environment's

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # type: ignore[import-not-found]  # noqa: E402 - gi wants to be told the versions before

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(sys.argv[1])
factory.set_shared(True)
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)  # noqa: T201 - to the test that started it
GLib.MainLoop().run()
