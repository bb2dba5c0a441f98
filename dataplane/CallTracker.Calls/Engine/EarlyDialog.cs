namespace CallTracker.Calls.Engine;

/// <summary>
/// What is known of one early dialog that a destination's 18x made: its own RSeq and CSeq numbers (RFC 3262 section 4)
/// and, when its answer came reliably, that answer. Lives in <see cref="EarlyDialogs"/>.
/// </summary>
internal struct EarlyDialog
{
    /// <summary>Keyed hash of the To tag.</summary>
    public ulong TagHash;

    /// <summary>The last reliable response taken; 0 before the first.</summary>
    public uint RSeq;

    /// <summary>CSeq number of our last request in it.</summary>
    public uint CSeq;

    /// <summary>The destination's media, when a reliable response has answered our offer.</summary>
    public PeerMedia Media;

    /// <summary>That answer as written for the caller; empty when none came.</summary>
    public StoredBody Answer;

    /// <summary>The version in that answer's o= line.</summary>
    public ulong AnswerVersion;

    /// <summary>Offer and answer are complete in it.</summary>
    public bool IsSettled;

    public readonly bool HasAnswer => !Answer.Bytes.IsEmpty;
}
