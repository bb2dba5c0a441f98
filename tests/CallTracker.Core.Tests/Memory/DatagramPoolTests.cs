using CallTracker.Core.Memory;

namespace CallTracker.Core.Tests.Memory;

/// <summary>Lending by the owner, giving back by the owner and by others.</summary>
public sealed class DatagramPoolTests
{
    [Fact]
    public void TryRent_UntilEmpty_GivesDistinctPiecesOfTheSlab()
    {
        var pool = new DatagramPool(8, 100);
        var rented = RentAll(pool);
        rented.Count.ShouldBe(8);
        pool.Available.ShouldBe(0);
        rented.Select(datagram => datagram.Offset).Order().ShouldBe([0, 100, 200, 300, 400, 500, 600, 700]);
        rented.ShouldAllBe(datagram => datagram.Capacity == 100 && datagram.Owner == pool);
        rented.Select(datagram => datagram.Buffer).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void TryRent_Empty_IsNullUntilOneIsReturned()
    {
        var pool = new DatagramPool(2, 16);
        var rented = RentAll(pool);
        pool.TryRent().ShouldBeNull();
        pool.Return(rented[1]);
        pool.TryRent().ShouldBeSameAs(rented[1]);
        pool.TryRent().ShouldBeNull();
    }

    [Fact]
    public async Task ReturnFromOtherThread_WhileOwnerRents_LosesAndDoublesNone()
    {
        var pool = new DatagramPool(64, 16);
        using var lent = new System.Collections.Concurrent.BlockingCollection<Datagram>();
        var others = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            foreach (var datagram in lent.GetConsumingEnumerable())
            {
                datagram.Length.ShouldBe(1, "a datagram is lent to one at a time");
                datagram.Length = 0;
                datagram.Owner.ReturnFromOtherThread(datagram);
            }
        })).ToArray();
        var spinner = default(SpinWait);
        for (var given = 0; given < 50_000;)
        {
            if (pool.TryRent() is not { } datagram)
            {
                spinner.SpinOnce();
                continue;
            }
            datagram.Length.ShouldBe(0);
            datagram.Length = 1;
            lent.Add(datagram);
            given++;
        }
        lent.CompleteAdding();
        await Task.WhenAll(others);
        pool.Available.ShouldBe(64);
        RentAll(pool).Distinct().Count().ShouldBe(64);
    }

    private static List<Datagram> RentAll(DatagramPool pool)
    {
        var rented = new List<Datagram>();
        while (pool.TryRent() is { } datagram) rented.Add(datagram);
        return rented;
    }
}
