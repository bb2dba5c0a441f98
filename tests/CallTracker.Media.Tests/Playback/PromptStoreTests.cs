using CallTracker.Media.Playback;

namespace CallTracker.Media.Tests.Playback;

/// <summary>What can be found by id, and what there is room for.</summary>
public sealed class PromptStoreTests
{
    [Fact]
    public void Store_WithoutFiles_HasTheTones()
    {
        var store = new PromptStore();
        store.Count.ShouldBe(3);
        store.Bytes.ShouldBe(0);
        store.TryFind("tone-ringback", out var found).ShouldBeTrue();
        found.ShouldBeSameAs(Tones.Ringback);
        store.TryFind("tone-hold", out _).ShouldBeTrue();
        store.TryFind("music", out _).ShouldBeFalse();
    }

    [Fact]
    public void Prompts_Replaced_AreFoundAndTheFormerOnesPlayOn()
    {
        var store = new PromptStore();
        var first = Sounds.Steps("music", 2, 100);
        var second = Sounds.Steps("music", 3, 100);
        store.Replace([first], []);
        store.TryFind("music", out var playing).ShouldBeTrue();
        store.Replace([second], []);
        store.TryFind("music", out var now).ShouldBeTrue();
        now.ShouldBeSameAs(second);
        playing!.In(PromptCodecs.Pcmu)[1].Length.ShouldBe(160);
        store.Bytes.ShouldBe(second.Bytes);
        store.Replace([], []);
        store.TryFind("music", out _).ShouldBeFalse();
    }

    [Fact]
    public void Budget_OfCountAndBytes_RefusesWhatComesTooLate()
    {
        var (a, b, c) = (Sounds.Steps("a", 1, 0), Sounds.Steps("b", 10, 0), Sounds.Steps("c", 1, 0));
        var refused = new List<Prompt>();
        new PromptStore(countMax: 2).Replace([a, b, c], refused);
        refused.ShouldBe([c]);
        refused.Clear();
        var store = new PromptStore(bytesMax: a.Bytes + c.Bytes);
        store.Replace([a, b, c], refused);
        refused.ShouldBe([b]);
        store.Bytes.ShouldBe(a.Bytes + c.Bytes);
        store.TryFind("c", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Hold_Music-2", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("../etc", false)]
    [InlineData("保留", false)]
    [InlineData("a.wav", false)]
    public void Id_OfAPrompt_IsAPlainWord(string text, bool isId)
    {
        PromptStore.IsId(text).ShouldBe(isId);
        PromptStore.IsId(new string('a', 65)).ShouldBeFalse();
    }
}
