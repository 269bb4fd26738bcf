"""What anybody says is wrong: never shown, bounded, and a task for a person."""
