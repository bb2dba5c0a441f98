using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>Writes down what a detector or receiver hears: the keys as text, and how long they were.</summary>
internal sealed class HeardKeys : IDigitSink
{
    private int _down = -1;

    /// <summary>Keys that began, in order.</summary>
    public string Begun { get; private set; } = "";

    /// <summary>Keys that ended.</summary>
    public string Ended { get; private set; } = "";

    public List<int> DurationsMs { get; } = [];

    public void OnBegin(byte key)
    {
        _down.ShouldBe(-1, "a key began while another was down");
        _down = key;
        Begun += (char)DtmfKey.ToText(key);
    }

    public void OnEnd(byte key, int durationMs)
    {
        _down.ShouldBe(key, "a key ended that was not down");
        _down = -1;
        Ended += (char)DtmfKey.ToText(key);
        DurationsMs.Add(durationMs);
    }
}
