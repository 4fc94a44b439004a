# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium for tests, spoken to through its DevTools protocol over a pair of pipes.

    with Browser(folder) as browser:
        page = browser.open(path, width=375)
        page.evaluate("document.title"), page.requests, page.messages
"""
import base64
import json
import os
import select
import shutil
import subprocess
import time

COMMAND = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
           "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe")


def find():
    """Path of Debian's Chromium, or None."""
    return shutil.which("chromium")


class Browser:
    """One Chromium with a profile of its own in `folder`; ends with the `with` statement."""

    def __init__(self, folder, patience=120):
        self.patience, self.number, self.rest, self.pages = patience, 0, b"", {}
        theirs_in, self.out = os.pipe()
        self.into, theirs_out = os.pipe()
        # The protocol wants descriptors 3 and 4; a shell puts them there.
        line = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["bash", "-c", line, "bash", find(), *COMMAND, f"--user-data-dir={folder}/browser"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(20)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)

    def read(self, until):
        """The next message of the browser."""
        while b"\0" not in self.rest:
            if not select.select([self.into], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self.into, 1 << 16)
            if not part:
                raise OSError("the browser ended")
            self.rest += part
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def wait(self, wanted):
        """Reads messages, events going to their pages, until one is `wanted`."""
        until = time.monotonic() + self.patience
        while True:
            message = self.read(until)
            page = self.pages.get(message.get("sessionId"))
            if page and "method" in message:
                page.note(message["method"], message["params"])
            if wanted(message):
                return message

    def call(self, method, session=None, **params):
        """Calls a method of the protocol; returns its result."""
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.out, text):]
        answer = self.wait(lambda message: message.get("id") == number)
        if "error" in answer:
            raise OSError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, path, width, height=900, phone=False):
        """Opens a file in a new page of that width in CSS pixels and waits until it is loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        page.call("Page.navigate", url=f"file://{path}")
        if not page.loaded:
            self.wait(lambda _: page.loaded)
        return page


class Page:
    """A page: what it asked for from elsewhere (`requests`) and what its console said (`messages`)."""

    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.requests, self.messages, self.loaded = [], [], False

    def call(self, method, **params):
        """A method of the protocol for this page."""
        return self.browser.call(method, self.session, **params)

    def note(self, method, params):
        """Keeps what an event tells."""
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Log.entryAdded":
            self.messages.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.messages.append(params["exceptionDetails"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.messages.append(f"{params['type']}: {[x.get('value') for x in params['args']]}")

    def evaluate(self, expression):
        """Value of a JavaScript expression, as Python data."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise ValueError(answer["exceptionDetails"].get("exception", {}).get("description", "JavaScript failed"))
        return answer["result"].get("value")

    def picture(self, path, **clip):
        """Writes a picture of the whole page, or of clip=(x, y, width, height), as PNG."""
        box = {"clip": {**clip, "scale": 1}} if clip else {}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, **box)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        """Closes the page."""
        del self.browser.pages[self.session]
        self.browser.call("Target.closeTarget", targetId=self.target)
