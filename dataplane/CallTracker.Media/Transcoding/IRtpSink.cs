namespace CallTracker.Media.Transcoding;

/// <summary>Where an <see cref="AudioConverter"/> writes its packets and who sends them.</summary>
internal interface IRtpSink
{
    /// <summary>Room for one packet.</summary>
    Span<byte> Buffer { get; }

    /// <summary>The packet at the start of the buffer is whole.</summary>
    void Send(int length);
}
