"""The parts pages are made of. They know the look and no data.

labels: Label, ElidedLabel, IconLabel · buttons: Button, IconButton · surfaces: Card, Banner, Divider, SectionHeader ·
indicators: Chip, ProgressLine, Ring, BusyRing and their painters · layouts: FlowLayout, clear · scroll: PageScroll ·
states: StateView, Stateful · search_field: SearchField · fields: ChoiceBox, PasswordField, FormField · pictures:
Pictures, PictureView
"""
