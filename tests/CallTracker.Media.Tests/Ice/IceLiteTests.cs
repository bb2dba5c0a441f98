using CallTracker.Core.Net;
using CallTracker.Media.Ice;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Ice;

/// <summary>Whose checks are answered, and what they bring about.</summary>
public sealed class IceLiteTests : IDisposable
{
    private readonly StunIntegrity _integrity = new();
    private readonly IceCredentials _ours = IceCredentials.Make();
    private readonly IcePeer _peer;
    private IceLite _ice;

    public IceLiteTests()
    {
        _peer = IcePeer.Of(_ours);
        _ice.Begin(_ours, IceLite.HashOf("peer"u8));
    }

    public void Dispose() => _integrity.Dispose();

    [Fact]
    public void Check_OfThePeer_IsAnsweredAndItsSourceKnown()
    {
        _ice.Knows(Source(1)).ShouldBeFalse();
        var answer = Answer(_peer.Check(), 1, out var isNominated);
        (answer[0], answer[1], isNominated).ShouldBe(((byte)1, (byte)1, false));
        _peer.IsAuthentic(answer).ShouldBeTrue();
        _ice.Knows(Source(1)).ShouldBeTrue();
        _ice.Knows(Source(2)).ShouldBeFalse();
        _ice.LastCheckMs.ShouldBe(5);
    }

    [Fact]
    public void Check_WithUseCandidate_Nominates()
    {
        Answer(_peer.Check(nominates: true), 1, out var isNominated);
        isNominated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("stranger:peer", null)]
    [InlineData("peer:stranger", null)]
    [InlineData("", null)]
    [InlineData(":", null)]
    [InlineData(null, "a password of somebody else")]
    public void Check_OfAStranger_IsAnsweredByNothing(string? name, string? password)
    {
        Answer(_peer.Check(nominates: true, name: name, password: password), 1, out var isNominated).ShouldBeEmpty();
        isNominated.ShouldBeFalse();
        _ice.Knows(Source(1)).ShouldBeFalse();
        _ice.LastCheckMs.ShouldBe(-1);
    }

    [Fact]
    public void Check_ForAnotherFork_IsAnsweredByNothing()
    {
        _ice.PeerHash = IceLite.HashOf("other"u8);
        Answer(_peer.Check(), 1, out _).ShouldBeEmpty();
    }

    [Fact]
    public void Check_OfWhoWantsUsToChoose_IsRoleConflictAndProvesNothing()
    {
        var answer = Answer(_peer.Check(nominates: true, isControlled: true), 1, out var isNominated);
        (answer[0], answer[1]).ShouldBe(((byte)1, (byte)0x11));
        IcePeer.Find(answer, 0x0009).ShouldBe(new byte[] { 0, 0, 4, 87 });
        _peer.IsAuthentic(answer).ShouldBeTrue();
        isNominated.ShouldBeFalse();
        _ice.Knows(Source(1)).ShouldBeFalse();
    }

    [Fact]
    public void Check_WithAnAttributeThatMustBeKnown_Is420AndNamesIt()
    {
        var answer = Answer(_peer.Check(extra: 0x0077), 1, out _);
        IcePeer.Find(answer, 0x0009).ShouldBe(new byte[] { 0, 0, 4, 20 });
        IcePeer.Find(answer, 0x000A).ShouldBe(new byte[] { 0, 0x77 });
        _peer.IsAuthentic(answer).ShouldBeTrue();
    }

    [Fact]
    public void Sources_MoreThanAreKept_PushOutTheOldest()
    {
        for (var port = 1; port <= IceLite.SourcesMax + 1; port++) Answer(_peer.Check(), port, out _);
        _ice.Knows(Source(1)).ShouldBeFalse();
        for (var port = 2; port <= IceLite.SourcesMax + 1; port++) _ice.Knows(Source(port)).ShouldBeTrue();
    }

    [Fact]
    public void Credentials_Made_AreOfTheAlphabetAndNeverTheSame()
    {
        var made = Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(IceCredentials.Make().Password)).ToList();
        made.Distinct().Count().ShouldBe(50);
        foreach (var octet in _ours.Password) (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or
            (byte)'/').ShouldBeTrue();
        _ours.ToString().ShouldBe("");
    }

    private static IpEndpoint Source(int port) => RelayHarness.Endpoint("192.0.2.7", port);

    private byte[] Answer(byte[] check, int port, out bool isNominated)
    {
        var answer = new byte[StunResponse.BytesMax];
        var isTaken = _ice.TryAnswer(check, Source(port), 5, _integrity, answer, out var length, out isNominated);
        isTaken.ShouldBe(length > 0);
        return answer[..length];
    }
}
