namespace CallTracker.Media.FastPath;

/// <summary>Who may touch a <see cref="FlowEntry"/>.</summary>
internal enum FlowOwner : uint
{
    /// <summary>The kernel relays this direction; a program takes the entry for each packet.</summary>
    Kernel,
    /// <summary>A program is at work on it, for less than a microsecond.</summary>
    Busy,
    /// <summary>Userspace relays; the kernel passes packets up and writes nothing.</summary>
    User,
}
