namespace CallTracker.Backends.Journal;

/// <summary>What an entry says of its call. The values lie on disk and never change.</summary>
public enum JournalEntryKind : byte
{
    None = 0,
    /// <summary>The call was accepted for treatment, or is written again as still unanswered.</summary>
    Start = 1,
    /// <summary>The call was answered, or is written again as still talking.</summary>
    Answer = 2,
    /// <summary>The call is over.</summary>
    End = 3,
}
