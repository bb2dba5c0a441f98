namespace CallTracker.Media.Playback;

/// <summary>What is played to one side, and where in it. A slot of <see cref="Player"/>, touched by its worker alone.
/// </summary>
internal struct PlayState
{
    /// <summary>Null while nothing is played.</summary>
    public PlayList? List;
    /// <summary>Of the present item.</summary>
    public PromptFrames? Frames;
    public PlayStream Stream;
    public PlayFormat Format;
    public PlayUse Use;
    /// <summary>Nothing is sent before.</summary>
    public long BeginMs;
    public int Item;
    public int Frame;
    /// <summary>Of the present item, the time that plays included; not looked at when it has no end.</summary>
    public int TimesLeft;
    /// <summary>True from the first packet on.</summary>
    public bool HasSounded;
    /// <summary>The other legs of its phase; -1 for none.</summary>
    public int Next;
    public int Previous;
    public int Phase;

    public readonly bool IsActive => List is not null;

    /// <summary>True when this is what plays already.</summary>
    public readonly bool IsSame(in PlayRequest request) =>
        List == request.List && Use == request.Use && Format == request.Format;

    /// <summary>Puts the beginning of a request in place.</summary>
    public void Load(in PlayRequest request, long nowMs)
    {
        (List, Format, Use) = (request.List, request.Format, request.Use);
        (BeginMs, HasSounded) = (nowMs + request.DelayMs, false);
        Open(0);
        Frame = Math.Clamp(request.StartMs / Player.FrameMs, 0, Frames!.Count - 1);
    }

    /// <summary>Goes on to the next frame; false when the list is over.</summary>
    public bool MoveOn()
    {
        if (++Frame < Frames!.Count) return true;
        Frame = 0;
        var items = List!.Items;
        if (items[Item].Times == PlayItem.ForEver || --TimesLeft > 0) return true;
        if (Item + 1 == items.Length) return false;
        Open(Item + 1);
        return true;
    }

    private void Open(int item)
    {
        var next = List!.Items[item];
        (Item, Frame, TimesLeft, Frames) = (item, 0, next.Times, next.Prompt.In(Format.Codec!));
    }
}
