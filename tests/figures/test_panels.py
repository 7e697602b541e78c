import pytest

from tfvae.figures.panels import panels


@pytest.mark.parametrize("count, numbered", [(1, [0]), (5, [2, 3, 4])])
def test_the_lowest_of_each_column_has_its_numbers(count, numbered):
    drawn, grid = panels(count, across=3, width=2.0, height=1.5)
    assert drawn.axes == grid
    grid[0].set(xlim=(0, 9), ylim=(-4, 4))
    drawn.draw_without_rendering()
    assert [
        n
        for n, axes in enumerate(grid)
        if any(label.get_visible() for label in axes.get_xticklabels())
    ] == numbered
    assert grid[-1].get_xlim() == (0, 9)
    assert grid[-1].get_ylim() == (-4, 4)
