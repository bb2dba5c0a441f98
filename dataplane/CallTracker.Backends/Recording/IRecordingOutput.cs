namespace CallTracker.Backends.Recording;

/// <summary>A recording's file in the making. One thread.</summary>
internal interface IRecordingOutput : IDisposable
{
    /// <summary>Appends bytes. What fails leaves the file as it was before.</summary>
    /// <exception cref="IOException">There is no room, or the store fails.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Appends the end, also out of the room that is left to others: it is short, and makes the file one that can be
    /// filed, moved and deleted. What fails leaves the file as it was before.
    /// </summary>
    /// <exception cref="IOException">There is no room at all, or the store fails.</exception>
    void AppendEnd(ReadOnlySpan<byte> bytes);
}
