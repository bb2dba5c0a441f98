namespace CallTracker.Calls.Digits;

/// <summary>The two bodies of INFO that carry a digit.</summary>
internal enum DigitForm : byte
{
    /// <summary>application/dtmf-relay: lines of Signal and Duration.</summary>
    Relay = 0,
    /// <summary>application/dtmf: the digit alone.</summary>
    Plain,
}
