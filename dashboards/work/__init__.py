"""The use cases, without Flask: what people do at desks, by a command or by a watched folder."""
