namespace CallTracker.ControlPlane.Store;

/// <summary>How an atomic change ended; each guard names the outcome it stands for.</summary>
internal enum CommitOutcome
{
    Done,
    /// <summary>Something with this id or number exists already.</summary>
    Exists,
    /// <summary>What was to be changed is not there.</summary>
    Missing,
    /// <summary>Somebody else changed it since it was read.</summary>
    Changed,
    /// <summary>The advertiser that the change refers to was changed or deleted since it was read.</summary>
    ParentChanged,
    /// <summary>Others still refer to what was to be deleted.</summary>
    InUse,
    /// <summary>There are as many as there may be.</summary>
    Full,
}
