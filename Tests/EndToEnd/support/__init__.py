"""What the end-to-end tests share: servers, databases, spans, and expectations."""
