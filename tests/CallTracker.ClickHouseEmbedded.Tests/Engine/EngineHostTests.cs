using System.Runtime.CompilerServices;
using CallTracker.ClickHouseEmbedded.Engine;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Engine;

/// <summary>The engine inside this very process: it must leave the runtime's signals alone.</summary>
public sealed class EngineHostTests
{
    [Fact]
    public void Runtime_BesideTheEngine_StillTurnsFaultsIntoExceptions()
    {
        var library = Path.Combine(
            RepositoryPaths.Root, "ops/clickhouse-embedded/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so");
        EngineLibrary.TryLoad(library, out var reason).ShouldNotBeNull(reason);
        var folder = Directory.CreateTempSubdirectory("calltracker-engine-");
        using (var engine = EngineHost.TryOpen(folder.FullName, out reason))
        {
            engine.ShouldNotBeNull(reason);
            for (var i = 0; i < 20; i++)
            {
                using var connection = engine.Connect();
                connection.Query("SELECT 1").Error.ShouldBeNull();
                // A null reference is a SIGSEGV that the runtime catches; with its handler gone the process dies here.
                Should.Throw<NullReferenceException>(() => LengthOf(null!));
            }

            engine.OpenConnections.ShouldBe(0);
        }

        folder.Delete(recursive: true);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string text) => text.Length;
}
