namespace CallTracker.Sip.Transactions;

/// <summary>What a machine wants done; the layer does it in this order.</summary>
[Flags]
internal enum TransactionActions : ushort
{
    None = 0,

    /// <summary>Send what the user gave and keep it.</summary>
    Send = 1 << 0,

    /// <summary>Send again what is kept.</summary>
    SendAgain = 1 << 1,

    /// <summary>Make an ACK for a response from 300 to 699 and send it.</summary>
    SendAck = 1 << 2,

    /// <summary>Next retransmission in twice the interval, without limit (timer A).</summary>
    DoubleInterval = 1 << 3,

    /// <summary>Next retransmission in twice the interval, at most T2 (timers E and G).</summary>
    DoubleIntervalToT2 = 1 << 4,

    /// <summary>Next retransmission in T2 (timer E when Proceeding).</summary>
    IntervalT2 = 1 << 5,

    /// <summary>No more retransmissions.</summary>
    StopRetransmit = 1 << 6,

    /// <summary>No more waiting for an answer.</summary>
    StopGiveUp = 1 << 7,

    /// <summary>Start timer G with T1 where the transport is unreliable.</summary>
    StartRetransmit = 1 << 8,

    /// <summary>Start timer H, or wait for the ACK to a 2xx, with 64*T1.</summary>
    StartGiveUp = 1 << 9,

    /// <summary>Start timer D, I, J, K, L or M, with which the transaction only lingers.</summary>
    StartLinger = 1 << 13,

    /// <summary>Tell the user of the message.</summary>
    Tell = 1 << 10,
    TellTimeout = 1 << 11,
    TellTransportError = 1 << 12,
}
