"""Tables and the grid."""
