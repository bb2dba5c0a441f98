using System.Text;
using CallTracker.Backends.Journal;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using Shouldly;
using Xunit;
using MediaFigures = CallTracker.Calls.Model.MediaFigures;
using QualityFigures = CallTracker.Contracts.Calls.QualityFigures;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>Facts through the journal's payload into the record, and the longest ones there can be.</summary>
public sealed class CallFactsRoundTripTests
{
    [Fact]
    public void Record_OfAnAnsweredCall_HasEveryField()
    {
        var facts = TestCalls.Started(1).Answer().End(1_795_000_065_400);
        facts.InboundMedia = new MediaFigures(1, 2, 3, 4, 5, 6);
        facts.OutboundMedia = new MediaFigures(7, 8, 9, 10, 11, 12);
        var record = ToRecord(facts);
        record.TrnId.ShouldBe(TestCalls.IdOf(1));
        record.NodeId.ShouldBe("node1");
        record.OperatorId.ShouldBe("op1");
        record.DinId.ShouldBe("0120123456");
        (record.ClientId, record.ClientName).ShouldBe(("c1", "株式会社広告主"));
        (record.DialinId, record.DialinName).ShouldBe(("d1", "本店"));
        (record.FwdId, record.FwdType).ShouldBe(("0312345678", TerminalKind.Fixed));
        record.ClrType.ShouldBe(TerminalKind.Mobile);
        (record.ClrIdCipher, record.CallerKey).ShouldBe(("sealed", 99UL));
        (record.DialStat, record.HupUsr, record.SipCode).ShouldBe((DialStatus.Normal, HangupSide.Caller, (ushort)200));
        record.EndReason.ShouldBe("bye");
        (record.CallingSec, record.TalkingSec, record.ConnSec).ShouldBe((2u, 62u, 65u));
        (record.TrunkIn, record.TrunkOut, record.RouteVersion).ShouldBe(("trunk1", "trunk1", 77UL));
        record.InboundMedia.ShouldBe(new Contracts.Calls.MediaFigures(1, 2, 3, 4, 5, 6));
        record.OutboundMedia.ShouldBe(new Contracts.Calls.MediaFigures(7, 8, 9, 10, 11, 12));
        record.Attempts.ShouldBe([new CallAttempt("0312345678", 200, 3000, "trunk1")]);
        record.Recovered.ShouldBeFalse();
    }

    [Fact]
    public void Quality_OfACall_IsOnItsRecord()
    {
        var facts = TestCalls.Started(1).Answer().End(1_795_000_065_400);
        var inbound = new CallTracker.Calls.Model.QualityFigures(1, 2, 3, 4, 5, 6, -1, 8, 9, 441);
        var outbound = new CallTracker.Calls.Model.QualityFigures(11, 12, 13, 14, 15, uint.MaxValue, 17, 18, 19, 320);
        facts.InboundMedia = new MediaFigures(1, 2, 3, 4, 5, 6, inbound);
        facts.OutboundMedia = new MediaFigures(7, 8, 9, 10, 11, 12, outbound);
        (facts.Reason, facts.MediaFault) = (EndReason.MediaTimeout, MediaFault.CalleeSilent);
        facts.MediaMode = MediaMode.Anchored;
        var record = ToRecord(facts);
        record.InboundMedia.Quality.ShouldBe(new QualityFigures(1, 2, 3, 4, 5, 6, -1, 8, 9, 441));
        record.OutboundMedia.Quality.ShouldBe(
            new QualityFigures(11, 12, 13, 14, 15, uint.MaxValue, 17, 18, 19, 320));
        (record.EndReason, record.MediaFault).ShouldBe(("media_timeout", "callee_silent"));
        record.MediaMode.ShouldBe("anchored", "the two lie in one byte");
    }

    [Fact]
    public void Payload_OfADirectCall_HasNoFiguresThatSayOtherwise()
    {
        var facts = TestCalls.Started(1).Answer().End(1_795_000_065_400);
        (facts.InboundMedia, facts.OutboundMedia, facts.MediaMode) = (default, default, MediaMode.Direct);
        var record = ToRecord(facts);
        (record.MediaMode, record.MediaFault).ShouldBe(("direct", ""));
        (record.InboundMedia.Packets, record.InboundMedia.Quality.SilenceMs, record.InboundMedia.Quality.MosTimes100)
            .ShouldBe((0UL, 0U, (ushort)0));
    }

    [Fact]
    public void Payload_OfTheFirstLayout_IsStillRead()
    {
        var facts = TestCalls.Started(1).Answer().End(1_795_000_065_400);
        facts.InboundMedia = new MediaFigures(1, 2, 3, 4, 5, 6);
        var payload = new byte[SegmentLayout.PayloadLengthMax];
        var length = CallFactsWriter.Write(facts, "sealed", 99, payload);
        // As an earlier build wrote it: without the quality of both legs and whose media failed.
        const int Added = (2 * 38) + 1;
        payload[0] = CallFactsWriter.FirstLayout;
        var old = JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, length - Added)).ShouldNotBeNull();
        old.Attempts.ShouldBe([new CallAttempt("0312345678", 200, 3000, "trunk1")]);
        old.InboundMedia.ShouldBe(new Contracts.Calls.MediaFigures(1, 2, 3, 4, 5, 6, QualityFigures.None));
        CallRecordMapper.ToRecord(old, "node1").MediaFault.ShouldBe("");
        payload[0] = CallFactsWriter.Layout;
        JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, length - Added)).ShouldBeNull();
        payload[0] = CallFactsWriter.Layout + 1;
        JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, length)).ShouldBeNull();
    }

    [Fact]
    public void Record_OfAnUnknownNumber_BelongsToTheTrunksOperator()
    {
        var facts = TestCalls.Started(1);
        facts.Route = null;
        facts.Reason = EndReason.UnknownNumber;
        var record = ToRecord(facts);
        (record.OperatorId, record.ClientId, record.FwdId).ShouldBe(("op1", "", ""));
        (record.DialStat, record.EndReason, record.FwdType).ShouldBe(
            (DialStatus.None, "unknown_number", TerminalKind.Unknown));
    }

    [Theory]
    [InlineData(Verstat.None, Attestation.None, StirReason.None, "", "", 0)]
    [InlineData(Verstat.Passed, Attestation.A, StirReason.None, "TN-Validation-Passed", "A", 0)]
    [InlineData(Verstat.Passed, Attestation.C, StirReason.None, "TN-Validation-Passed", "C", 0)]
    [InlineData(Verstat.Failed, Attestation.None, StirReason.StaleDate, "TN-Validation-Failed", "", 403)]
    [InlineData(Verstat.Failed, Attestation.None, StirReason.UnsupportedCredential, "TN-Validation-Failed", "", 437)]
    [InlineData(Verstat.NoTnValidation, Attestation.None, StirReason.NoIdentity, "No-TN-Validation", "", 428)]
    public void Record_OfAVerifiedCall_HasTheVerdict(
        Verstat verstat, Attestation attest, StirReason reason, string word, string letter, int code)
    {
        var facts = TestCalls.Started(1).Answer();
        facts.Stir = new StirVerdict(verstat, attest, reason);
        var record = ToRecord(facts);
        (record.Verstat, record.Attest, record.StirCode).ShouldBe((word, letter, (ushort)code));
        record.Recovered.ShouldBeFalse();
    }

    [Theory]
    [InlineData(CallRecording.Off, RecordingSetting.Off)]
    [InlineData(CallRecording.Caller, RecordingSetting.Caller)]
    [InlineData(CallRecording.Callee, RecordingSetting.Callee)]
    [InlineData(CallRecording.Both, RecordingSetting.Both)]
    [InlineData(CallRecording.Failed, RecordingSetting.Failed)]
    public void Record_OfARecordedCall_SaysWhatWasRecorded(CallRecording recording, RecordingSetting setting)
    {
        var facts = TestCalls.Started(1).Answer();
        facts.Recording = recording;
        var record = ToRecord(facts);
        (record.Recording, record.ClrType).ShouldBe((setting, TerminalKind.Mobile));
    }

    [Fact]
    public void Verdict_PackedAndUnpacked_IsTheSameForEveryValue()
    {
        for (var bits = 0; bits < 128; bits++) StirVerdict.Unpack(bits).Pack().ShouldBe((byte)bits);
    }

    [Theory]
    [InlineData(false, false, "09012345678", TerminalKind.Mobile)]
    [InlineData(false, false, "", TerminalKind.Unknown)]
    [InlineData(true, false, "", TerminalKind.Withheld)]
    [InlineData(true, false, "09012345678", TerminalKind.Withheld)]
    [InlineData(false, true, "", TerminalKind.Payphone)]
    [InlineData(true, true, "0312345678", TerminalKind.Payphone)]
    [InlineData(false, false, "08001234567", TerminalKind.Fixed)]
    public void CallerKind_FromHeadersAndNumber_PutsHeadersFirst(
        bool withheld, bool payphone, string number, TerminalKind expected)
    {
        var facts = TestCalls.Started(1);
        (facts.CallerWithheld, facts.CallerPayphone, facts.Caller) = (withheld, payphone, TestCalls.Number(number));
        ToRecord(facts).ClrType.ShouldBe(expected);
    }

    [Theory]
    [InlineData(CallOutcome.NotTried, DialStatus.None)]
    [InlineData(CallOutcome.Answered, DialStatus.Normal)]
    [InlineData(CallOutcome.Busy, DialStatus.Busy)]
    [InlineData(CallOutcome.NoAnswer, DialStatus.NoAnswer)]
    [InlineData(CallOutcome.Unresponsive, DialStatus.Unresponsive)]
    [InlineData(CallOutcome.CallerGaveUp, DialStatus.Incomplete)]
    [InlineData(CallOutcome.LineUnavailable, DialStatus.LineUnavailable)]
    public void DialStatus_OfEachOutcome_IsItsOwn(CallOutcome outcome, DialStatus expected) =>
        CallRecordMapper.StatusOf(outcome).ShouldBe(expected);

    [Fact]
    public void Payload_OfTheLongestCall_FitsTheEntry()
    {
        var longId = new string('i', CallFactsWriter.IdLengthMax);
        var route = new RouteRecord
        {
            DinId = new string('0', 32),
            OperatorId = longId,
            ClientId = longId,
            ClientName = new string('名', 500),
            DialinId = longId,
            DialinName = string.Concat(Enumerable.Repeat("𩸽", 500)),
        };
        var number = TestCalls.Number(new string('9', 32));
        var trunk = new Trunk { Id = longId, OperatorId = longId, Address = default, Prefixes = [], InboundFrom = [] };
        var facts = TestCalls.Started(1);
        facts.Called = facts.Caller = number;
        facts.InboundTrunk = trunk;
        facts.Route = new Route { Number = number, OperatorId = longId, Targets = [], Source = route };
        while (facts.TryAddAttempt(number, trunk))
        {
        }
        using var cipher = TestCalls.Cipher();
        var payload = new byte[SegmentLayout.PayloadLengthMax];
        var length = CallFactsWriter.Write(facts, cipher.Seal(number.ToString()), 1, payload);
        length.ShouldBeLessThanOrEqualTo(CallFactsWriter.LengthMax);
        CallFactsWriter.LengthMax.ShouldBeLessThanOrEqualTo(SegmentLayout.PayloadLengthMax);
        var call = JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, length)).ShouldNotBeNull();
        call.ClientName.ShouldBe(new string('名', CallFactsWriter.NameLengthMax / 3));
        Encoding.UTF8.GetByteCount(call.DialinName).ShouldBe(CallFactsWriter.NameLengthMax);
        call.Attempts.Count.ShouldBe(CallFacts.AttemptsMax);
        cipher.Open(call.SealedCaller).ShouldBe(number.ToString());
    }

    [Fact]
    public void Payload_EveryPrefix_IsRefused()
    {
        var payload = new byte[SegmentLayout.PayloadLengthMax];
        var length = CallFactsWriter.Write(TestCalls.Started(1).Answer(), "s", 1, payload);
        JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, length)).ShouldNotBeNull();
        for (var cut = 0; cut < length; cut++)
            JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, cut)).ShouldBeNull($"cut at {cut}");
    }

    [Fact]
    public void StoredValues_OfTheJournal_AreFixed()
    {
        Listing<JournalEntryKind>().ShouldBe("None=0 Start=1 Answer=2 End=3");
        Listing<CallOutcome>().ShouldBe(
            "NotTried=0 Answered=1 Busy=2 NoAnswer=3 Unresponsive=4 CallerGaveUp=5 LineUnavailable=6");
        Listing<CallParty>().ShouldBe("Unknown=0 Caller=1 Callee=2 System=3");
        Listing<MediaFault>().ShouldBe(
            "None=0 CallerNeverSent=1 CallerSilent=2 CallerUnreachable=3 CalleeNeverSent=4 CalleeSilent=5 " +
            "CalleeUnreachable=6 CallerHandshakeFailed=7 CalleeHandshakeFailed=8");
        Listing<MediaMode>().ShouldBe("None=0 Anchored=1 Direct=2");
        Listing<Verstat>().ShouldBe("None=0 NoTnValidation=1 Passed=2 Failed=3");
        Listing<Attestation>().ShouldBe("None=0 A=1 B=2 C=3");
        Listing<StirReason>().ShouldBe(
            "None=0 NoIdentity=1 BadIdentityInfo=2 UnsupportedCredential=3 InvalidIdentity=4 StaleDate=5");
        Listing<EndReason>().ShouldStartWith(
            "None=0 Bye=1 Cancel=2 Rejected=3 RingTimeout=4 TrunkTimeout=5 UnknownNumber=6 NoTrunk=7 Capacity=8 " +
            "RouteUnavailable=9 UnusableMedia=10 AckTimeout=11 MediaTimeout=12 DurationLimit=13 Loop=14 " +
            "ProtocolError=15 Drain=16 NodeRestart=17 SessionExpired=18 CallerUnverified=19");
    }

    private static string Listing<T>() where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(v => $"{v}={Convert.ToInt32(v)}"));

    private static CallRecord ToRecord(CallFacts facts)
    {
        var payload = new byte[SegmentLayout.PayloadLengthMax];
        var length = CallFactsWriter.Write(facts, "sealed", 99, payload);
        var call = JournalledCall.TryRead(JournalEntryKind.End, payload.AsSpan(0, length)).ShouldNotBeNull();
        return CallRecordMapper.ToRecord(call, "node1");
    }
}
