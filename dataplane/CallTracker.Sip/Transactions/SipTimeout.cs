namespace CallTracker.Sip.Transactions;

/// <summary>What a transaction waited for in vain.</summary>
public enum SipTimeout : byte
{
    /// <summary>Timer B: no response at all to an INVITE.</summary>
    NoResponseToInvite,

    /// <summary>Timer F: no final response to another request.</summary>
    NoFinalResponse,

    /// <summary>64*T1 after a CANCEL the INVITE has no final response (RFC 3261 section 9.1).</summary>
    NoFinalResponseAfterCancel,

    /// <summary>Timer H: no ACK to a final response from 300 to 699.</summary>
    NoAck,

    /// <summary>64*T1 after the first 2xx no ConfirmAck (RFC 3261 section 13.3.1.4): end the dialog with BYE.</summary>
    NoAckTo2xx,

    /// <summary>
    /// Our side did not answer a request other than INVITE for 64*T1: the client has given up (RFC 4320 section 4.2).
    /// </summary>
    NotAnswered,
}
