namespace CallTracker.Media.Playback;

/// <summary>
/// The tones that are always there, as prompts, and their ids. Those of Japanese exchanges: 400 Hz; a file of the same
/// id takes a tone's place for whoever asks by id. Made at start, read by all workers.
/// </summary>
public static class Tones
{
    /// <summary>
    /// 呼出音: 400 Hz, modulated by 16 Hz to a depth of 85 % (15 to 20 Hz, 85 ± 15 %), one second on and two off.
    /// </summary>
    public static readonly Prompt Ringback = Prompt.Of("tone-ringback", new ToneSpec
    {
        Hz = [400],
        ModulationHz = 16,
        ModulationDepth = 0.85,
        CadenceMs = [1000, 2000],
    }.Make());

    /// <summary>話中音: 400 Hz, half a second on and half a second off.</summary>
    public static readonly Prompt Busy = Prompt.Of("tone-busy", new ToneSpec
    {
        Hz = [400],
        CadenceMs = [500, 500],
    }.Make());

    /// <summary>
    /// For who is held and has no music: two soft pips every five seconds say that the call is still up. No standard
    /// has a tone for it.
    /// </summary>
    public static readonly Prompt Hold = Prompt.Of("tone-hold", new ToneSpec
    {
        Hz = [400],
        LevelDbm0 = -24,
        CadenceMs = [200, 200, 200, 4400],
    }.Make());

    private static readonly Prompt[] Table = [Ringback, Busy, Hold];

    /// <summary>All of them.</summary>
    public static ReadOnlySpan<Prompt> All => Table;
}
