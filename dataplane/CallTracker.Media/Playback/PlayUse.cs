namespace CallTracker.Media.Playback;

/// <summary>What a play is for, and with it what becomes of the audio of the call's other side meanwhile.</summary>
public enum PlayUse
{
    /// <summary>It is heard in place of the other side, whose audio is dropped and counted until the end.</summary>
    Prompt = 0,

    /// <summary>It ends as soon as the other side is heard, and is for calls that are not answered yet.</summary>
    Ringback,

    /// <summary>It pauses while the other side is heard, and goes on where it was when that falls silent.</summary>
    HoldMusic,
}
