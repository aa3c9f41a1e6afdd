"""A picture goes into the notebook together with its words, or not at all."""

import base64
import html
import xml.etree.ElementTree as ET

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient

from bplib.svg import Drawing, network, show

LAYERS = [["i1", "i2"], ["h1", "h2"], ["o1", "o2"]]
VALUES = dict(i1=0.05, i2=0.1, h1=0.5932699921, h2=0.5968843783, o1=0.7513650696, o2=0.7729284653)


@pytest.fixture
def notebook():
    """Let IPython run in this process, as in a notebook."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_show_sends_an_image_and_its_words(notebook):
    drawing = network(LAYERS, values=VALUES)
    with capture_output() as captured:
        assert show(drawing, alt='a "net" with <two> & more') is None
    (output,) = captured.outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert output.data["text/plain"] == 'a "net" with <two> & more'
    image = ET.fromstring(output.data["text/html"].replace(">", "/>", 1))  # one tag and nothing else
    assert (image.tag, image.get("alt")) == ("img", 'a "net" with <two> & more')
    assert "max-width:100%" in image.get("style")
    head, data = image.get("src").split(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == drawing.markup
    assert html.escape('"net" with <two>') in output.data["text/html"]


class Figure:
    """Looks like a Matplotlib figure: 300 dots wide."""

    def savefig(self, file, **options):
        file.write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (300).to_bytes(4) + (200).to_bytes(4))


def test_show_takes_a_figure(notebook):
    with capture_output() as captured:
        show(Figure(), alt="a curve")
    assert 'src="data:image/png;base64,' in captured.outputs[0].data["text/html"]
    assert "width:200px" in captured.outputs[0].data["text/html"]


def test_a_real_figure_is_closed(notebook):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    figure, _ = pyplot.subplots()
    with capture_output() as captured:
        show(figure, alt="axes")
    assert not pyplot.fignum_exists(figure.number)
    assert captured.outputs[0].data["text/plain"] == "axes"


class Plot:
    """Looks like a plot of ours: it brings its words, and its figure or its own way to save it."""

    alt = "loss falls from 0.93 to 0.02"

    def __init__(self, **parts):
        vars(self).update(parts)


@pytest.mark.parametrize("parts", [{"figure": Figure()}, {"savefig": Figure().savefig}], ids=["figure", "savefig"])
def test_a_plot_brings_its_own_words(notebook, parts):
    with capture_output() as captured:
        show(Plot(**parts))
        show(Plot(**parts), alt="something else")
    first, second = captured.outputs
    assert first.data["text/plain"] == "loss falls from 0.93 to 0.02"
    assert second.data["text/plain"] == "something else"
    assert 'src="data:image/png;base64,' in first.data["text/html"]


def test_a_drawing_brings_its_own_words(capsys):
    drawing = network(LAYERS, values=VALUES)
    show(drawing)
    assert capsys.readouterr().out == f"{drawing.alt}\n"
    assert "h1 0.5933" in drawing.alt


def test_a_plot_that_can_save_itself_is_asked_to(notebook):
    class Narrow(Figure):
        def savefig(self, file, **options):
            file.write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (150).to_bytes(4) + (200).to_bytes(4))

    with capture_output() as captured:
        show(Plot(figure=Figure(), savefig=Narrow().savefig))
    assert "width:100px" in captured.outputs[0].data["text/html"]


@pytest.mark.parametrize("alt", ["", "  \n", None])
@pytest.mark.parametrize("picture", [Drawing("<svg/>"), Figure()], ids=["drawing", "figure"])
def test_a_picture_without_words_is_refused(picture, alt):
    with pytest.raises(ValueError, match="alt is empty"):
        show(picture, alt=alt)


def test_something_else_is_refused():
    with pytest.raises(TypeError, match="not str"):
        show("<svg/>", alt="x")


def test_without_a_notebook_the_words_are_printed(capsys):
    show(network(LAYERS), alt="two inputs, two outputs")
    assert capsys.readouterr().out == "two inputs, two outputs\n"


@pytest.mark.slow
def test_show_in_a_real_kernel():
    source = "from bplib.svg import network, show\nshow(network([['x'], ['out']]), alt='a line')"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(book, kernel_name="python3").execute()
    (output,) = book.cells[0].outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"] == "a line"
    assert output.data["text/html"].startswith('<img alt="a line" src="data:image/svg+xml;base64,')
