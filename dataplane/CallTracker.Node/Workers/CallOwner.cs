namespace CallTracker.Node.Workers;

/// <summary>Whose a message is.</summary>
/// <param name="First">The worker that gets it.</param>
/// <param name="Other">
/// The worker that takes it when the first does not know its INVITE; -1 when the first takes it whatever it knows.
/// </param>
internal readonly record struct CallOwner(int First, int Other = -1);
