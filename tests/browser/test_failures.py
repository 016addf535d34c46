"""Every failure of the live view has its own sentence, and mends itself where it can."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from interhuman_stream.service.access.page import PAGE_KEY
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from tests.conftest import Running
from tests.service.serving import IdleEngine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]

REFUSES: Final = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'));"
NO_DEVICES: Final = "navigator.mediaDevices.enumerateDevices = async () => {there};"
CAMERA: Final = "[{ kind: 'videoinput', deviceId: 'a', label: 'a' }]"
MUTE: Final = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const picture = await ask({ ...wanted, audio: false });
  const nothing = new AudioContext().createMediaStreamDestination();
  return new MediaStream([...picture.getVideoTracks(), ...nothing.stream.getAudioTracks()]);
};"""
PLUGGED: Final = """
const listed = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
window.plugged = [];
navigator.mediaDevices.enumerateDevices = async () => [...await listed(), ...window.plugged];
window.plug = (devices) => {
  window.plugged = devices;
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
};"""
HEADSET: Final = [{"kind": "audioinput", "deviceId": "headset", "label": "Headset (USB)"}]
LATER: Final = "const real = Date.now; window.ahead = 0; Date.now = () => real() + window.ahead;"
SLOW: Final = """
window.waiting = 0;
Object.defineProperty(WebSocket.prototype, "bufferedAmount", { get: () => window.waiting });"""
OLD: Final = """
const asked = window.fetch;
window.fetch = (address, how) => String(address).endsWith("/asyncapi.json")
  ? Promise.resolve(new Response('{"address":"/v0/stream/analyze"}')) : asked(address, how);
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url, protocols) { super(String(url).replace("/v2/", "/v9/"), protocols); }
};"""


class House:
    """A service on a port of its own that can be stopped and started again."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._folder, self._settings = folder, settings
        self._port = 0
        self.begin()

    def begin(self) -> None:
        """Start it, on the port it had before."""
        self.server = Server(Settings(self._folder, port=self._port, drain_seconds=0.2, **self._settings), IdleEngine())
        self._port = self.server.listener.getsockname()[1]
        self._thread = threading.Thread(target=self.server.serve_until_stopped, name="service")
        self._thread.start()
        while not self.server.ready.is_set() and self._thread.is_alive():
            time.sleep(0.02)

    def end(self) -> None:
        """Stop it."""
        self.server.should_exit = True
        self._thread.join(20)

    @property
    def running(self) -> Running:
        """As the other tests know it."""
        return Running(self.server.url, self.server.service)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, max_sessions=1)
    yield made
    made.end()


def opened(browser: Browser, house: House, *scripts: str) -> Page:
    page = browser.new_page(locale="en-US")
    for script in scripts:
        page.add_init_script(script)
    page.goto(house.running.url)
    page.wait_for_timeout(200)
    return page


def says(page: Page, key: str, text: str) -> None:
    page.wait_for_selector(f"#trouble[data-key={key}]:not([hidden])", timeout=30_000)
    said = page.inner_text("#trouble p")
    print(said)  # noqa: T201 - what people read
    assert text in said


def live(page: Page) -> None:
    page.wait_for_selector("#state[data-state=live]", timeout=40_000)


@pytest.mark.parametrize(
    ("name", "there", "key", "text"),
    [
        ("NotAllowedError", CAMERA, "camera_refused", "Allow both beside the address bar"),
        ("NotFoundError", "[]", "camera_none", "There is no camera"),
        ("NotFoundError", CAMERA, "microphone_none", "There is no microphone"),
        ("NotReadableError", CAMERA, "camera_busy", "another program is using it"),
        ("OddError", CAMERA, "camera_other", "OddError"),
    ],
)
def test_a_camera_that_is_not_given(house: House, browser: Browser, name: str, there: str, key: str, text: str) -> None:
    page = opened(browser, house, REFUSES.replace("{name}", name), NO_DEVICES.replace("{there}", there))
    page.click("#start")
    says(page, key, text)
    assert page.is_enabled("#start")
    assert page.is_visible("#welcome")
    page.close()


def test_a_page_without_a_camera_to_ask_for(house: House, browser: Browser) -> None:
    page = opened(browser, house, "Object.defineProperty(window, 'isSecureContext', { value: false });"
                  "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")  # fmt: skip
    page.click("#start")
    says(page, "camera_insecure", "HTTPS")
    page.close()


def test_a_camera_that_is_unplugged(house: House, browser: Browser) -> None:
    page = opened(browser, house)
    page.click("#start")
    live(page)
    page.evaluate("document.getElementById('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    says(page, "camera_unplugged", "went away in the middle")
    page.wait_for_timeout(300)
    page.close()


def microphones(page: Page) -> list[str]:
    texts = page.eval_on_selector_all("#microphone option", "all => all.map((each) => each.text)")
    return [str(each) for each in texts]


def test_devices_that_come_and_go_in_the_middle(house: House, browser: Browser) -> None:
    page = opened(browser, house, PLUGGED)
    page.click("#start")
    live(page)
    page.wait_for_selector("#microphone option:text('Fake')", state="attached")
    before = microphones(page)
    assert before[0] == "Default"
    assert before[-1] == "No microphone"
    page.evaluate("(devices) => window.plug(devices)", HEADSET)
    says(page, "device_came", "New: Headset (USB).")
    assert microphones(page) == [*before[:-1], "Headset (USB)", "No microphone"]
    assert page.input_value("#microphone") == ""
    page.select_option("#microphone", label="Headset (USB)")  # there is none behind the name: the one before goes on
    says(page, "camera_away", "not there any more")
    page.evaluate("window.plug([])")
    page.wait_for_selector("#microphone option:text('Headset')", state="detached")
    assert microphones(page) == before
    assert page.evaluate("document.getElementById('microphone').selectedIndex") >= 0
    assert page.get_attribute("#state", "data-state") == "live"
    page.close()


def test_devices_that_are_told_again_leave_the_list_alone(house: House, browser: Browser) -> None:
    page = opened(browser, house, PLUGGED)
    page.click("#start")
    live(page)
    page.wait_for_selector("#microphone option:text('Fake')", state="attached")
    page.evaluate("window.first = document.getElementById('microphone').firstElementChild")
    page.evaluate("window.plug([])")
    page.wait_for_timeout(300)
    assert page.evaluate("window.first.isConnected")  # an open list would close under somebody's hand
    assert page.is_hidden("#trouble")
    page.close()


def test_a_microphone_that_is_unplugged_leaves_the_face(house: House, browser: Browser) -> None:
    page = opened(browser, house)
    page.click("#start")
    live(page)
    page.wait_for_selector("#microphone option:text('Fake')", state="attached")
    page.evaluate("document.getElementById('video').srcObject.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    says(page, "microphone_unplugged", "Face and gaze are still judged")
    assert page.get_attribute("#state", "data-state") == "live"
    assert page.input_value("#microphone") == "none"
    page.wait_for_selector("#chips [data-chip=voice]:text('No microphone')")
    assert page.evaluate("document.getElementById('video').srcObject.getTracks().map((each) => each.kind)") == ["video"]
    page.select_option("#microphone", "")
    page.wait_for_selector("#trouble", state="hidden")
    assert page.evaluate("document.getElementById('video').srcObject.getAudioTracks().length") == 1
    page.close()


def test_no_microphone_may_be_chosen(house: House, browser: Browser) -> None:
    page = opened(browser, house)
    page.select_option("#microphone", "none")
    page.click("#start")
    live(page)
    assert page.evaluate("document.getElementById('video').srcObject.getAudioTracks().length") == 0
    assert page.input_value("#microphone") == "none"
    page.close()


def test_the_camera_is_off_as_soon_as_somebody_stops(house: House, browser: Browser) -> None:
    page = opened(browser, house)
    page.click("#start")
    live(page)
    tracks = page.evaluate_handle("document.getElementById('video').srcObject.getTracks()")
    page.click("#stop")
    assert tracks.evaluate("all => all.map((each) => each.readyState)") == ["ended", "ended"]
    page.wait_for_selector("body[data-phase=ended]", timeout=80_000)
    page.close()


def test_a_microphone_that_is_silent(house: House, browser: Browser) -> None:
    page = opened(browser, house, MUTE)
    page.click("#start")
    live(page)
    says(page, "microphone_silent", "no sound at all")
    assert page.get_attribute("#state", "data-state") == "live"
    page.close()


def test_a_tab_that_was_hidden(house: House, browser: Browser) -> None:
    page = opened(browser, house, LATER)
    page.click("#start")
    live(page)
    for hidden in ("true", "false"):
        page.evaluate(
            "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
            "document.dispatchEvent(new Event('visibilitychange')); if (hidden) window.ahead += 5000; }",
            hidden == "true",
        )
    says(page, "tab_hidden", "was hidden for 5 s")
    page.close()


def test_a_computer_that_slept(house: House, browser: Browser) -> None:
    page = opened(browser, house, LATER)
    page.click("#start")
    live(page)
    page.wait_for_timeout(800)
    page.evaluate("() => { window.ahead = 60000; }")
    says(page, "lost_asleep", "nothing was recorded")
    live(page)
    page.close()


def test_a_service_that_is_full_and_has_room_again(house: House, browser: Browser) -> None:
    first = opened(browser, house)
    first.click("#start")
    live(first)
    second = opened(browser, house)
    second.click("#start")
    says(second, "stream_full", "no free place")
    seconds = re.search(r"in (\d) s", second.inner_text("#trouble p"))
    assert seconds
    assert 1 <= int(seconds[1]) <= 5
    first.close()
    live(second)
    assert second.is_hidden("#trouble")
    second.close()


def test_a_service_that_goes_and_comes_back_with_another_signature(house: House, browser: Browser) -> None:
    page = opened(browser, house)
    page.click("#start")
    live(page)
    page.wait_for_timeout(1000)
    house.end()
    page.wait_for_selector("#trouble[data-key=stream_gone]:not([hidden])", timeout=30_000)
    says(page, "stream_gone", "Nothing answers")
    elapsed = page.inner_text("#elapsed")
    house.begin()
    # Every token from before is bad now: the page gets another without anybody's help.
    house.server.service.store.rotate_signing(at_once=True)
    page.click("#trouble [data-action=retry]")
    live(page)
    says(page, "lost_disconnected", "were not analysed")
    assert page.inner_text("#elapsed") >= elapsed  # the session goes on, it does not begin anew
    page.close()


def test_a_key_that_is_revoked(house: House, browser: Browser) -> None:
    page = opened(browser, house)
    page.click("#start")
    live(page)
    store = house.server.service.store
    made = store.keys()
    store.revoke(next(key.key_id for key in made if key.name == PAGE_KEY))
    says(page, "stream_credential", "does not let this page in")
    key = store.create(["interhumanai.stream"])
    page.fill("#key_id", key.key_id)
    page.fill("#key_secret", "wrong")
    page.click("#start")
    says(page, "stream_credential", "is wrong, or the key was revoked")
    page.fill("#key_secret", key.key_secret)
    page.click("#start")
    live(page)
    page.close()


def test_a_service_that_is_too_old(house: House, browser: Browser) -> None:
    page = opened(browser, house, OLD)
    page.click("#start")
    says(page, "stream_too_old", "does not speak v2")
    page.click("#trouble [data-action=v0]")
    live(page)
    page.close()


def test_a_network_that_is_too_slow(house: House, browser: Browser) -> None:
    page = opened(browser, house, SLOW)
    page.click("#start")
    live(page)
    page.evaluate("() => { window.waiting = 3_000_000; }")
    says(page, "slow", "Recording pauses")
    page.wait_for_timeout(700)
    page.evaluate("() => { window.waiting = 0; }")
    says(page, "lost_slow", "were not recorded")
    assert page.get_attribute("#state", "data-state") == "live"
    page.close()


def test_a_page_from_elsewhere_needs_the_printed_address_or_a_key(tmp_path: Path, browser: Browser) -> None:
    house = House(tmp_path, host="0.0.0.0")  # noqa: S104 - what is tested
    code = house.server.service.page.invite()
    page = browser.new_page(locale="en-US")
    page.goto(f"{house.running.url}/#once={code}")
    page.wait_for_timeout(500)
    assert page.is_hidden("#key")
    assert page.evaluate("location.hash") == ""
    page.click("#start")
    live(page)
    page.goto(house.running.url)
    page.reload()
    page.wait_for_selector("#key:not([hidden])")
    page.click("#start")
    says(page, "stream_credential", "does not let this page in")
    page.close()
    house.end()
