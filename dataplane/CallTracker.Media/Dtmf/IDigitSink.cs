namespace CallTracker.Media.Dtmf;

/// <summary>Is told of keys as they are pressed and let go; implemented by a struct or a sealed class.</summary>
internal interface IDigitSink
{
    /// <summary>A key is pressed; <see cref="OnEnd"/> follows before another begins.</summary>
    void OnBegin(byte key);

    /// <summary>It was let go.</summary>
    void OnEnd(byte key, int durationMs);
}
