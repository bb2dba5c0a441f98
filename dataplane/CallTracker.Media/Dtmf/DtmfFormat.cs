namespace CallTracker.Media.Dtmf;

/// <summary>How digits look on one side of a session, as its descriptions agreed.</summary>
/// <param name="Way">How the side sends and wants them.</param>
/// <param name="Events">Payload types that telephone-event comes in from the side; empty unless the way is RFC
/// 4733.</param>
/// <param name="EventType">The payload type of events sent to it.</param>
/// <param name="EventClockHz">The clock of these; 0 when the side takes none.</param>
/// <param name="AudioType">Payload type of the audio it agreed to.</param>
/// <param name="AudioClockHz">The RTP clock of that.</param>
public readonly record struct DtmfFormat(
    DtmfWay Way, TelephoneEventSet Events, byte EventType, int EventClockHz, byte AudioType, int AudioClockHz);
