"""Clients that three generators make of the OpenAPI document upload files and read what comes of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.service.documents import openapi
from tests.service.jobs.test_routes import told

if TYPE_CHECKING:
    from collections.abc import Sequence

FLAGS = ["signals", "conversation_quality_overall", "conversation_quality_timeline"]
VIDEO = r'b"\x1a\x45\xdf\xa3" + bytes(20000)'

OPENAPI_PYTHON_CLIENT = f"""
import io, sys
from made import AuthenticatedClient, models
from made.api.default import read_job, submit_job, upload_v0, upload_v1
from made.types import File
client = AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2], timeout=60)
video = lambda: File(io.BytesIO({VIDEO}), "video", "application/octet-stream")
include = [models.JobRequestIncludeItem(flag) for flag in {FLAGS}]
body = models.JobRequest(file=video(), model=models.JobRequestModel.INTER_2, wait_seconds=60, include=include)
job = read_job.sync(client=client, job_id=submit_job.sync(client=client, body=body).job_id)
assert (job.status, job.result.signals) == ("completed", [])
assert job.result.conversation_quality.timeline[0].values.rapport == job.result.conversation_quality.overall.rapport
one = upload_v1.sync(client=client, body=models.UploadRequestV1(
    file=video(), include=[models.UploadRequestV1IncludeItem.CONVERSATION_QUALITY_TIMELINE]))
assert one.conversation_quality.overall.energy == 50
assert upload_v0.sync(client=client, body=models.UploadRequest(file=video())).signals == []
assert read_job.sync(client=client, job_id="0" * 32).error_id == "ih4021"
"""

OPENAPI_GENERATOR = f"""
import sys
import made
with made.ApiClient(made.Configuration(host=sys.argv[1], access_token=sys.argv[2])) as client:
    api, video = made.DefaultApi(client), ("video", {VIDEO})
    taken = api.submit_job(file=video, model="inter-2", wait_seconds=60, include={FLAGS})
    job = api.read_job(taken.job_id)
    assert (job.status, job.result.signals) == ("completed", [])
    assert job.result.conversation_quality.timeline[0].values.rapport == 50
    one = api.upload_v1(file=video, include=["conversation_quality_timeline"])
    assert one.conversation_quality.overall.energy == 50
    assert api.upload_v0(file=video).signals == []
"""

TYPESCRIPT = f"""
import {{ Configuration, DefaultApi }} from './made/index';
declare const process: any;
(async () => {{
  const api = new DefaultApi(new Configuration({{ basePath: process.argv[2], accessToken: process.argv[3] }}));
  const file = new Blob([new Uint8Array([0x1a, 0x45, 0xdf, 0xa3]), new Uint8Array(20000)]);
  const include: any = {json.dumps(FLAGS)};
  const taken: any = await api.submitJob({{ file, model: 'inter-2', waitSeconds: 60, include }});
  const job = await api.readJob({{ jobId: taken.jobId }});
  const one = await api.uploadV1({{ file, include: ['conversation_quality_timeline'] }});
  const zero = await api.uploadV0({{ file }});
  const read = [job.status, job.result!.signals!.length, job.result!.conversationQuality!.timeline![0].values.rapport,
    one.conversationQuality!.overall.energy, zero.signals.length];
  if (JSON.stringify(read) !== '["completed",0,50,50,0]') throw new Error(JSON.stringify(read));
}})();
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The document as a file."""
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(openapi.document()))
    return path


def program(name: str, package: str) -> str:
    """The path of a program, beside this Python or anywhere."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed ({package})")
    return found


def python_with(generator: str, *packages: str) -> str:
    """The Python that a generator is installed in, if it has what the generated client needs."""
    python = str(Path(generator).with_name("python"))
    if subprocess.run([python, "-c", f"import {', '.join(packages)}"], capture_output=True, check=False).returncode:
        pytest.skip(f"what is generated needs {', '.join(packages)}")
    return python


def done(command: Sequence[str], folder: Path) -> None:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]


def used(command: Sequence[str], folder: Path) -> None:
    """Run a program against a service, whose address and token it is given."""
    with told(folder / "data") as (_, running):
        done([*command, running.url, running.token()], folder)


def generated(kind: str, document: Path, folder: Path, *options: str) -> str:
    """Have openapi-generator make a client; its path."""
    generator = program("openapi-generator-cli", "pip install openapi-generator-cli; it needs Java")
    if shutil.which("java") is None:
        pytest.skip("openapi-generator needs Java")
    done([generator, "generate", "-g", kind, "-i", str(document), "-o", str(folder), *options], document.parent)
    return generator


def test_openapi_python_client_makes_one_that_runs(document: Path, tmp_path: Path) -> None:
    generator = program("openapi-python-client", "pip install openapi-python-client")
    python = python_with(generator, "attrs", "dateutil", "httpx")
    made = ["--path", str(document), "--output-path", str(tmp_path / "made"), "--meta", "none", "--overwrite"]
    done([generator, "generate", *made], tmp_path)
    (tmp_path / "use.py").write_text(OPENAPI_PYTHON_CLIENT)
    used([python, "use.py"], tmp_path)


def test_openapi_generator_makes_one_in_python_that_runs(document: Path, tmp_path: Path) -> None:
    generator = generated("python", document, tmp_path / "client", "--package-name", "made")
    python = python_with(generator, "dateutil", "pydantic", "urllib3")
    use = tmp_path / "client" / "use.py"
    use.write_text(OPENAPI_GENERATOR)
    used([python, str(use)], tmp_path)


def test_openapi_generator_makes_one_in_typescript_that_runs(document: Path, tmp_path: Path) -> None:
    tsc, node = program("tsc", "npm install --global typescript"), program("node", "Debian: nodejs")
    generated("typescript-fetch", document, tmp_path / "made")
    (tmp_path / "use.ts").write_text(TYPESCRIPT)
    how = ["--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom", "--skipLibCheck", "--outDir", "out"]
    done([tsc, *how, "use.ts"], tmp_path)
    used([node, "out/use.js"], tmp_path)
