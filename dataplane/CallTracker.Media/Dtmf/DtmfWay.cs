namespace CallTracker.Media.Dtmf;

/// <summary>How a side of a call sends and wants digits.</summary>
public enum DtmfWay : byte
{
    /// <summary>Nothing is known or done: whatever comes is passed on as it is.</summary>
    Pass = 0,
    /// <summary>As telephone-event packets in the audio stream (RFC 4733).</summary>
    Rfc4733,
    /// <summary>In SIP INFO, application/dtmf-relay or application/dtmf.</summary>
    Info,
    /// <summary>As tones in the audio (ITU-T Q.23).</summary>
    InBand,
}
