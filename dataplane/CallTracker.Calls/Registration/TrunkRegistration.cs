using CallTracker.Calls.Routing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Registration;

/// <summary>Our registration with one trunk. Owned by one worker.</summary>
internal sealed class TrunkRegistration
{
    /// <summary>Names it in the transactions' user number; never 0.</summary>
    public required int Serial { get; init; }

    /// <summary>The trunk as of the last look.</summary>
    public required Trunk Trunk { get; set; }

    public required RegistrationState State { get; init; }

    /// <summary>The same for all REGISTERs of this registration (RFC 3261 section 10.2).</summary>
    public required byte[] CallId { get; init; }

    public required byte[] Tag { get; init; }

    /// <summary>Of the last REGISTER sent.</summary>
    public uint CSeq { get; set; }

    /// <summary>The REGISTER in progress, or none.</summary>
    public TransactionHandle Pending { get; set; }

    /// <summary>When the next REGISTER is due.</summary>
    public long DueMs { get; set; }

    /// <summary>Until when the binding holds.</summary>
    public long ExpiresMs { get; set; }

    /// <summary>What the registrar said is the least (423).</summary>
    public int ExpiresSecMin { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>True once the binding is to be taken back; the registration ends with that.</summary>
    public bool IsLeaving { get; set; }
}
