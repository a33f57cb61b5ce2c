"""Parts under labels, folded anew whenever there are other columns."""

from textual.widgets import Static

from wizard.tui.parts import Part, laid_out


class Told(Static):
    """Folds what is said into the columns that there are."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._parts: tuple[Part, ...] = ()

    def tell(self, parts: tuple[Part, ...]) -> None:
        """Say something else."""
        self._parts = parts
        self.fold()

    def on_resize(self) -> None:
        """Fold it anew."""
        self.fold()

    def fold(self) -> None:
        """Lay it out."""
        self.update(laid_out(self._parts, self.size.width or self.app.size.width))
