"""The widget of a notebook: a session, and the explorer's file in front of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from topics.errors import MissingExtraError, TopicsError
from topics.explore._files import explorer_script
from topics.explore._payload import HEIGHT
from topics.explore._session import Session

if TYPE_CHECKING:
    from topics.explore._run import Explorable


def explore(run: Explorable, *, height: int = HEIGHT, save: bool = True, beside: Explorable | None = None) -> Any:
    """A widget that shows a run: map, topics, articles; it filters, selects, and edits topics in the run's journal.

    ``widget.selection()`` is a frame of the documents that are selected, ``widget.run`` the run after edits.

    Parameters
    ----------
    run : Explorable
        To explore.
    height : int
        Of the widget in pixels.
    save : bool
        Whether edits are saved to the run's folder at once, if it has one; else ``widget.run.save()`` does.
    beside : Explorable or None
        Another run, whose map is shown beside that of this one: what is selected on either is selected on both.
        Documents are the same by their id, or else by their content.

    Raises
    ------
    ImportError
        If anywidget is not installed.
    """
    return _widget_class()(Session(run, height=height, save=save, beside=beside))


@cache
def _widget_class() -> type[Any]:
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise MissingExtraError(
            'the explorer needs anywidget, which is not installed: pip install "topics[explore]"; “topics report RUN” '
            "makes a page that needs nothing"
        ) from None

    class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
        """A run in a notebook; see :func:`topics.explore.explore`."""

        _esm = explorer_script()
        meta = traitlets.Dict().tag(sync=True)
        data = traitlets.Bytes().tag(sync=True)
        revision = traitlets.Int(0).tag(sync=True)

        def __init__(self, session: Session) -> None:
            self._session = session
            payload = session.payload()
            super().__init__(meta=payload.meta, data=payload.data)
            self.on_msg(self._take)

        @property
        def run(self) -> Explorable:
            """The run, after the edits that were made here."""
            return self._session.run

        def selection(self) -> Any:
            """One row a selected document, as in ``Run.documents()``; near-duplicates are left out."""
            return self._session.selection()

        def _take(self, _: Any, message: dict[str, Any], buffers: list[Any]) -> None:
            try:
                reply, arrays = self._session.answer(message, buffers)
                if self._session.revision != self.revision:
                    payload = self._session.payload()
                    with self.hold_sync():
                        self.meta, self.data, self.revision = payload.meta, payload.data, self._session.revision
            except Exception as error:
                self.send({"id": message.get("id"), "error": str(error) or type(error).__name__})
                if not isinstance(error, TopicsError):
                    raise
                return
            if "id" in message:
                self.send({"id": message["id"], **reply}, buffers=arrays)

    return Explorer
