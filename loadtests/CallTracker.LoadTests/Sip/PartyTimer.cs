namespace CallTracker.LoadTests.Sip;

/// <summary>What a timer of the driver is for.</summary>
internal enum PartyTimer : ushort
{
    RepeatInvite,
    GiveUp,
    HangUp,
    RepeatBye,
    ShopAnswers,
    RepeatOk,
}
