using System.Diagnostics;
using CallTracker.Media.Dtls;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>The handshake against itself in the other part, on a wire that is good, loses, lies or shouts.</summary>
public sealed class DtlsSessionTests
{
    [Fact]
    public void Handshake_OnAGoodWire_GivesBothTheSameKeys()
    {
        using var pair = new DtlsPair();
        pair.Run();
        (pair.Server.Result, pair.Client.Result).ShouldBe((DtlsResult.Ok, DtlsResult.Ok));
        pair.Server.TryExport(out var serverSends, out var serverHears).ShouldBeTrue();
        pair.Client.TryExport(out var clientSends, out var clientHears).ShouldBeTrue();
        (serverSends == clientHears).ShouldBeTrue();
        (serverHears == clientSends).ShouldBeTrue();
        (serverSends == clientSends).ShouldBeFalse();
        serverSends.Suite.ShouldBe(SrtpSuite.Aead256Gcm);
        pair.LongestBytes.ShouldBeLessThanOrEqualTo(DtlsRecords.DatagramBytesMax);
    }

    [Fact]
    public void Handshakes_OfOneIdentity_NeverGiveTheSameKeysTwice()
    {
        var keys = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var pair = new DtlsPair();
            pair.Run();
            pair.Server.TryExport(out var local, out _).ShouldBeTrue();
            keys.Add(Convert.ToHexString(local.Bytes));
        }
        keys.Distinct().Count().ShouldBe(3);
    }

    // Each of the first datagrams in turn is lost once; both ends look at the clock, as workers do.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Handshake_WithADatagramLost_RepeatsIt(int lost)
    {
        using var pair = new DtlsPair { Passes = number => number != lost };
        RunPatiently(pair, () => pair.IsOver);
        (pair.Server.Result, pair.Client.Result).ShouldBe((DtlsResult.Ok, DtlsResult.Ok));
    }

    // The server is done when its last flight goes out: if that is lost, only the client's repetition brings it again.
    [Fact]
    public void LastFlight_Lost_IsSentAgainByTheSideThatIsDone()
    {
        using var pair = new DtlsPair();
        pair.Passes = _ => pair.Server.Result != DtlsResult.Ok;
        pair.Run();
        (pair.Server.Result, pair.Client.Result).ShouldBe((DtlsResult.Ok, DtlsResult.None));
        pair.Passes = static _ => true;
        RunPatiently(pair, () => pair.IsOver);
        pair.Client.Result.ShouldBe(DtlsResult.Ok);
    }

    [Fact]
    public void Certificate_OtherThanTheSdpNames_FailsAtWhoeverLooks()
    {
        using var wrongClient = new DtlsPair(ofClient: Identities.Strangers.Fingerprint);
        wrongClient.Run();
        wrongClient.Server.Result.ShouldBe(DtlsResult.Fingerprint);
        wrongClient.Server.TryExport(out _, out _).ShouldBeFalse();
        using var wrongServer = new DtlsPair(ofServer: Identities.Strangers.Fingerprint);
        wrongServer.Run();
        wrongServer.Client.Result.ShouldBe(DtlsResult.Fingerprint);
        wrongServer.Client.TryExport(out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Garbage_BetweenTheFlights_ChangesNothing()
    {
        using var pair = new DtlsPair();
        var random = new Random(7);
        var noise = new byte[300];
        pair.Client.Start();
        do
        {
            for (var i = 0; i < 5; i++)
            {
                random.NextBytes(noise);
                noise[0] = (byte)(20 + (i * 4));
                pair.Server.Take(noise.AsSpan(0, 1 + (i * 70)));
                pair.Client.Take(noise.AsSpan(0, 1 + (i * 70)));
            }
        }
        while (pair.Carry());
        (pair.Server.Result, pair.Client.Result).ShouldBe((DtlsResult.Ok, DtlsResult.Ok));
    }

    [Fact]
    public void Datagrams_MoreThanAHandshakeTakes_EndIt()
    {
        using var pair = new DtlsPair();
        var noise = new byte[40];
        noise[0] = 22;
        for (var i = 0; i < DtlsSession.DatagramsMax; i++) pair.Server.Take(noise);
        pair.Server.Result.ShouldBe(DtlsResult.None);
        pair.Server.Take(noise);
        pair.Server.Result.ShouldBe(DtlsResult.Excess);
        pair.Server.TakeFlight(new byte[100]).ShouldBe(0);
    }

    [Fact]
    public void Datagrams_AfterTheHandshake_AreTakenToABound()
    {
        using var pair = new DtlsPair();
        pair.Run();
        var noise = new byte[40];
        noise[0] = 22;
        for (var i = 0; i < DtlsSession.DatagramsMax * 2; i++) pair.Server.Take(noise);
        pair.Server.Result.ShouldBe(DtlsResult.Ok);
        pair.Server.TryExport(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void Session_Disposed_IsHarmless()
    {
        var pair = new DtlsPair();
        pair.Run();
        pair.Dispose();
        pair.Dispose();
        pair.Server.TakeFlight(new byte[10]).ShouldBe(0);
    }

    [Fact]
    public void Records_OfAFlight_AreCutIntoWholeDatagrams()
    {
        var flight = new List<byte>();
        foreach (var length in new[] { 500, 600, 300, 1187 }) flight.AddRange(Record(length));
        flight.AddRange([22, 0xfe, 0xfd, 0]);
        ReadOnlySpan<byte> rest = flight.ToArray();
        var lengths = new List<int>();
        while (DtlsRecords.TryTake(ref rest, out var datagram)) lengths.Add(datagram.Length);
        lengths.ShouldBe([500 + 600 + 26, 313, 1200]);
    }

    private static byte[] Record(int length)
    {
        var record = new byte[13 + length];
        (record[11], record[12]) = ((byte)(length >> 8), (byte)length);
        return record;
    }

    // OpenSSL repeats by its own clock, so that this has to wait for it.
    private static void RunPatiently(DtlsPair pair, Func<bool> isDone)
    {
        var watch = Stopwatch.StartNew();
        pair.Client.Start();
        while (!isDone() && watch.ElapsedMilliseconds < 10_000)
        {
            if (pair.Carry()) continue;
            Thread.Sleep(10);
            pair.Client.Repeat();
            pair.Server.Repeat();
        }
    }
}
