namespace CallTracker.Media.Tests.FastPath;

/// <summary>
/// The tests that start processes: not beside others, as a process that is being started holds copies of all sockets
/// for a moment, and a port that another test has just closed is then still in use.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NamespaceTests
{
    public const string Name = "namespaces";
}
