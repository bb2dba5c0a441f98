namespace CallTracker.Calls.Model;

/// <summary>The way of a call's media. The values lie in journals and never change.</summary>
public enum MediaMode : byte
{
    /// <summary>It never came to media.</summary>
    None = 0,
    /// <summary>Through this node's relay.</summary>
    Anchored = 1,
    /// <summary>From peer to peer, past this node: nothing was measured.</summary>
    Direct = 2,
}
