using CallTracker.Backends.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>Who a message belongs to, and that nothing is remembered for ever.</summary>
public sealed class ConversationTableTests
{
    [Fact]
    public void Conversation_OfNoCall_IsForgottenOnceOverwritten()
    {
        var table = new ConversationTable(100);
        table.Note(1, 0);
        table.Note(1, 500);
        table.Sweep(400);
        table.Count.ShouldBe(1);
        table.Sweep(501);
        table.Count.ShouldBe(0);
    }

    [Fact]
    public void Conversation_OfACallThatIsUp_StaysWhenOverwritten()
    {
        var table = new ConversationTable(100);
        table.Note(1, 0);
        table.Bind(1, "t1", 0);
        for (var i = 0; i < 10; i++) table.Sweep(1_000_000);
        table.Find(1)!.Call!.TrnId.ShouldBe("t1");
        table.Release(table.FindCall("t1")!);
        (table.Count, table.CallCount).ShouldBe((0, 0));
    }

    [Fact]
    public void Table_BeyondItsBound_ForgetsTheOldestWhateverItIs()
    {
        var table = new ConversationTable(10);
        for (var i = 0UL; i < 1000; i++)
        {
            table.Note(i, (long)i);
            table.Bind(i, "t" + i, 0);
            table.Sweep(0);
        }
        table.Count.ShouldBe(10);
        table.CallCount.ShouldBe(10);
        table.Find(999).ShouldNotBeNull();
        table.Find(0).ShouldBeNull();
    }

    [Fact]
    public void Conversation_ThatNeverEnds_HoldsABoundedNumberOfPlaces()
    {
        var table = new ConversationTable(100);
        for (var i = 0; i < 100_000; i++) table.Note(1, i);
        var conversation = table.Find(1)!;
        conversation.Positions.Count.ShouldBeInRange(Conversation.PlacesMax / 2, Conversation.PlacesMax);
        conversation.LastPosition.ShouldBe(99_999);
        (conversation.TakeDropped() + conversation.Positions.Count).ShouldBe(100_000);
        conversation.TakeDropped().ShouldBe(0);
    }

    [Fact]
    public void CallId_UsedByASecondCall_LeavesTheFirstCallsMessagesWithIt()
    {
        var table = new ConversationTable(100);
        table.Note(1, 0);
        table.Bind(1, "t1", 0);
        table.Note(1, 100);
        table.Note(1, 200);
        table.Bind(1, "t2", 0);
        table.Note(1, 300);
        table.FindCall("t1")!.Conversations.Single().Positions.ShouldBe([0, 100]);
        table.FindCall("t2")!.Conversations.Single().Positions.ShouldBe([200, 300]);
        table.Release(table.FindCall("t1")!);
        table.Find(1)!.Call!.TrnId.ShouldBe("t2");
    }
}
