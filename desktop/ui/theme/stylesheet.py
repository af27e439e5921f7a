"""The style sheet, generated from the tokens. Widgets bring no style of their own: they set ``variant`` and ``tone``.

There is no rule for every ``QWidget``: it would beat ``setFont`` and cost at every widget that is made.
"""

from __future__ import annotations

from string import Template

from desktop.ui.theme.contrast import parse
from desktop.ui.theme.tokens import (
    CONTROL,
    ICON,
    ICON_SMALL,
    RADIUS_LARGE,
    RADIUS_SMALL,
    SPACE_4,
    TYPE_BODY,
    TYPE_DISPLAY,
    TYPE_HEADING,
    TYPE_SMALL,
    TYPE_TITLE,
    Tokens,
)

_SHEET = Template("""
QMainWindow, QDialog, QWidget#page, QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: $canvas; }
QScrollArea, QAbstractScrollArea#bare { border: 0; background: $canvas; }
QScrollArea[variant="clear"] { background: transparent; }
QToolTip { color: $text; background: $surface; border: 1px solid $border_strong; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[variant="display"] { font-size: ${display}px; font-weight: 600; }
QLabel[variant="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[variant="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[variant="strong"] { font-weight: 600; }
QLabel[variant="small"] { font-size: ${small}px; }
QLabel[variant="overline"] { font-size: ${small}px; font-weight: 600; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="success"] { color: $success; }
QLabel:disabled { color: $disabled; }

QPushButton, QToolButton {
  border: 1px solid $border_strong; border-radius: ${radius}px; padding: ${pad_y}px ${pad_x}px;
  background: $surface; color: $text; font-size: ${body}px;
}
QPushButton { min-height: ${control}px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: ${pad_y_focus}px ${pad_x_focus}px; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; border-color: $border; background: transparent; }
QPushButton[variant="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[variant="primary"]:hover, QPushButton[variant="primary"]:pressed { background: $accent_hover; }
QPushButton[variant="primary"]:focus { border: 2px solid $text; }
QPushButton[variant="primary"]:disabled { background: $hover; color: $disabled; border-color: $border; }
QPushButton[variant="quiet"], QToolButton[variant="icon"] { background: transparent; border-color: transparent; }
QPushButton[variant="quiet"]:hover, QToolButton[variant="icon"]:hover { background: $veil; }
QPushButton[variant="quiet"]:pressed, QToolButton[variant="icon"]:pressed { background: $veil_strong; }
QPushButton[variant="quiet"]:focus, QToolButton[variant="icon"]:focus { border: 2px solid $accent; }
QPushButton[variant="quiet"][tone="accent"] { color: $accent; font-weight: 600; }
QPushButton[variant="link"] {
  background: transparent; border: 2px solid transparent; padding: ${pad_y_focus}px 4px ${pad_y_focus}px 0;
  color: $muted; text-align: left;
}
QPushButton[variant="link"]:hover, QPushButton[variant="link"]:pressed { color: $text; background: transparent; }
QPushButton[variant="link"]:focus { border: 2px solid $accent; color: $text; }
QPushButton[variant="link"][tone="accent"] { color: $accent; font-weight: 600; }
QPushButton[variant="link"][tone="accent"]:hover { color: $accent_hover; text-decoration: underline; }
QToolButton[variant="icon"] { padding: 5px; }
QToolButton[variant="icon"]:focus { padding: 4px; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[variant="tab"] {
  background: transparent; border: 0; border-radius: 0; padding: 2px 12px 0 12px; color: $muted;
  border-bottom: 2px solid transparent;
}
QPushButton[variant="tab"]:hover { color: $text; border-bottom: 2px solid $border_strong; }
QPushButton[variant="tab"]:checked { color: $text; border-bottom: 2px solid $accent; }
QPushButton[variant="tab"]:focus { background: $accent_soft; }
QTabBar { background: transparent; border: 0; font-size: ${body}px; }
QTabBar::tab {
  background: transparent; border: 0; border-bottom: 2px solid transparent; color: $muted; padding: 8px 12px;
  margin-right: 4px;
}
QTabBar::tab:hover { color: $text; border-bottom: 2px solid $border_strong; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:selected:focus { background: $accent_soft; }
QPushButton[variant="chip"] {
  background: transparent; border: 2px solid transparent; border-radius: ${radius}px; padding: 2px 7px; min-height: 0;
  font-size: ${small}px; color: $muted;
}
QPushButton[variant="chip"]:hover { background: $hover; color: $text; }
QPushButton[variant="chip"]:focus { border: 2px solid $accent; padding: 2px 7px; }
QPushButton[variant="chip"][tone="warning"] { color: $warning; }
QPushButton[variant="chip"][tone="danger"] { color: $danger; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox {
  background: $surface; color: $text; border: 1px solid $border_strong; border-radius: ${radius}px;
  padding: ${pad_y}px 10px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QComboBox { min-height: ${control}px; }
QLineEdit[variant="search"] { padding-left: 2px; }
QLineEdit[variant="search"]:focus { padding-left: 1px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {
  border: 2px solid $accent; padding: ${pad_y_focus}px 9px;
}
QLineEdit[tone="danger"] { border-color: $danger; }
QLineEdit:disabled, QComboBox:disabled { color: $disabled; background: $sunken; border-color: $border; }
QTextBrowser, QTextBrowser:focus { background: $canvas; border: 0; padding: 0; }
QPlainTextEdit[variant="bare"], QPlainTextEdit[variant="bare"]:focus {
  background: transparent; border: 0; padding: 0; border-radius: 0;
}
QComboBox { padding-right: 26px; combobox-popup: 0; }
QComboBox:hover { background: $hover; }
QComboBox:focus { padding-right: 25px; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: none; }
QComboBoxPrivateContainer { background: transparent; border: 0; }
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $border_strong; border-radius: ${radius}px; padding: 4px; outline: 0;
  selection-background-color: $accent_soft; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${row}px; padding: 0 8px; border-radius: 4px; color: $text; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected { background: $accent_soft; }
QListView, QListWidget, QTreeView, QTableView {
  background: $surface; border: 1px solid $border; border-radius: ${radius}px; outline: 0;
  selection-background-color: $accent_soft; selection-color: $text; alternate-background-color: $canvas;
}
QTreeView::indicator { width: ${box}px; height: ${box}px; background: transparent; border: 0; image: none; }
QTreeView::item { padding: 0 ${tree_pad}px; border: 0; color: $text; }
QTreeView::item:disabled { color: $muted; }
QTreeView::item:selected { background: $accent_soft; color: $text; }
QListView#bare, QListView[variant="bare"] { background: $canvas; border: 0; border-radius: 0; }
QHeaderView::section { background: $canvas; color: $muted; border: 0; border-bottom: 1px solid $border; padding: 6px; }
QCheckBox, QRadioButton { background: transparent; spacing: 8px; padding: 4px; border: 2px solid transparent;
  border-radius: ${radius}px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; }
QSplitter::handle { background: $border; }
QSlider#volumeSlider { background: transparent; min-height: 20px; }
QSlider#volumeSlider::groove:horizontal { background: $pressed; height: 4px; border-radius: 2px; }
QSlider#volumeSlider::sub-page:horizontal { background: $muted; border-radius: 2px; }
QSlider#volumeSlider::handle:horizontal {
  background: $muted; width: 12px; margin: -4px 0; border: 0; border-radius: 6px;
}
QSlider#volumeSlider::handle:horizontal:focus { background: $accent; border: 2px solid $text; width: 8px; }

QMenu { background: $surface; border: 1px solid $border_strong; border-radius: ${radius}px; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 12px; border-radius: ${radius}px; color: $text; }
QMenu::icon { padding-left: 10px; }
QMenu::indicator { image: none; width: ${tick}px; padding-left: 10px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: 6px 4px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame#header, QFrame#statusBar { background: $surface; border: 0; }
QFrame#header { border-bottom: 1px solid $border; }
QFrame#statusBar { border-top: 1px solid $border; }
QFrame#sideBar { background: $canvas; border: 0; }
QFrame[variant="divider"] { background: $border; border: 0; }
""")


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of a look."""
    colours = tokens.colours
    ink = ", ".join(map(str, parse(colours.text) or (0, 0, 0)))
    return _SHEET.substitute(
        colours._asdict(),
        radius=RADIUS_SMALL,
        radius_large=RADIUS_LARGE,
        small=tokens.scaled(TYPE_SMALL),
        body=tokens.scaled(TYPE_BODY),
        heading=tokens.scaled(TYPE_HEADING),
        title=tokens.scaled(TYPE_TITLE),
        display=tokens.scaled(TYPE_DISPLAY),
        control=tokens.scaled(CONTROL),
        row=tokens.scaled(CONTROL) + 8,
        tick=tokens.scaled(ICON_SMALL),
        box=tokens.scaled(ICON),
        tree_pad=SPACE_4,
        # Lies over any ground: a tinted banner shows through where the pointer is.
        veil=f"rgba({ink}, 6%)",
        veil_strong=f"rgba({ink}, 11%)",
        pad_y=6,
        pad_x=14,
        pad_y_focus=5,
        pad_x_focus=13,
    )
