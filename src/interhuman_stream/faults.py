"""What can be wrong, as one tree: with bytes, with the engine, with a request, with how something was set up.

Fault
 ├── MalformedSegment        the bytes hold no media that can be decoded
 │    └── UnknownContainer   and begin no container that is known
 ├── EngineError             the engine failed, not the segment: another may work
 │    ├── EngineBusy         the machine has no worker for it now, or had no time: the same may work later
 │    ├── ModelMissing       a model file is not where it should be
 │    └── SelfTestError      the models do not do here what they do elsewhere
 ├── AnalysisBroke           the analysis itself broke: a defect of ours, its trace for the log alone
 ├── UnusableProxy           a variable or an option names no proxy that can be used (proxies.py)
 ├── ClientError             what the client meets; its own tree stands in client/errors.py
 ├── Refused                 a request is not served (service/access/auth.py)
 ├── SettingError            a setting cannot be used (service/settings.py)
 ├── ConfigurationError      a configuration file cannot be used (service/configuration.py)
 ├── StoreError              the database cannot be used (service/access/database.py)
 ├── Failed, Skipped         what a check of the contract found (conformance/target.py)
 ├── Full                    the server has no room to be checked just now (conformance/room.py)
 ├── CannotConnect, NoAccess, UnusableClip   why the contract cannot be checked (conformance/)
 └── EvaluationError         a data set cannot be used (evaluation/errors.py)

A fault says what is the case; sentences for the people who meet it live with the service and the command line.
"""


class Fault(Exception):  # noqa: N818 - the tree's names say what is the case, as the wire's own do
    """Base of everything that is raised on purpose."""


class MalformedSegment(Fault):  # the wire's own word for it (ih5004)
    """The bytes of a segment hold nothing that decodes; the session goes on with the next one."""


class UnknownContainer(MalformedSegment):
    """The bytes begin no container that is known and continue none."""


class EngineError(Fault):
    """The engine failed, not the segment: the worker was lost or cannot be had. The next segment may work."""


class EngineBusy(EngineError):  # noqa: N818 - the tree's names say what is the case
    """The machine has no worker for it now, or had no time for it by the clock: the same segment may work later."""


class ModelMissing(EngineError):  # noqa: N818 - as above
    """A model file is absent or is not the file it should be; the message says which, and what fetches it."""


class SelfTestError(EngineError):
    """The models do not do here what they do elsewhere."""


class AnalysisBroke(Fault):
    """The analysis itself broke; the message is the trace, for the log alone. The worker lives, the session goes on."""
