namespace CallTracker.Calls.Protection;

/// <summary>Where messages wait for a worker. Each is emptied at its own pace, so each has a wait of its own.</summary>
public enum InputQueue
{
    /// <summary>The socket of the first address.</summary>
    Socket,
    /// <summary>The socket of the other IP version.</summary>
    SecondSocket,
    /// <summary>What other workers and connections received for it.</summary>
    Mailbox,
}
