namespace CallTracker.Backends;

/// <summary>Where the backends report what an operator must know; the node passes it to its log. Any thread.</summary>
public interface IBackendLog
{
    /// <param name="what">The kind of event: it decides level and event id.</param>
    /// <param name="detail">One line without secrets and numbers of callers.</param>
    void Report(BackendEvent what, string detail);
}
