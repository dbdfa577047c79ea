using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// Watches an answer on its way to the client: counts, how it ended, and whether the client has seen any of
/// it. Until the first block nothing is passed on, so a call that fails before can still go elsewhere.
/// </summary>
internal sealed class CallTap(IHubEvents client) : IHubEvents
{
    private AnswerStart _start;
    private Usage _usage;
    private bool _started;

    /// <summary>Whether the client has got something: from here on there is no second try.</summary>
    public bool Passed { get; private set; }

    /// <summary>Counts so far: what is charged, also for an answer that broke off.</summary>
    public Usage Counted => _usage;

    public Finish? Finished { get; private set; }

    public Failure? Failed { get; private set; }

    /// <summary>Of texts, thoughts and arguments so far: what is charged by where there are no counts.</summary>
    public long ProducedBytes { get; private set; }

    /// <summary>The model that answered, in the provider's words.</summary>
    public string Model => _start.Model;

    /// <summary>The provider's id of the answer.</summary>
    public string AnswerId => _start.Id;

    public void Start(in AnswerStart start)
    {
        _started = true;
        _start = start;
    }

    public void BlockStart(in BlockStart block)
    {
        Pass();
        client.BlockStart(block);
    }

    public void Delta(ReadOnlySpan<byte> utf8)
    {
        ProducedBytes += utf8.Length;
        client.Delta(utf8);
    }

    public void BlockStop(Opaque? opaque) => client.BlockStop(opaque);

    public void Usage(in Usage usage)
    {
        _usage = usage;
        if (Passed)
        {
            client.Usage(usage);
        }
    }

    public void Finish(in Finish finish)
    {
        Pass();
        _usage = finish.Usage;
        Finished = finish;
        client.Finish(finish);
    }

    /// <summary>Told to the client only if it has seen the beginning; else the answer is an error's status.</summary>
    public void Fail(Failure failure)
    {
        Failed = failure;
        if (Passed)
        {
            client.Fail(failure);
        }
    }

    /// <summary>From here on the answer belongs to the client, though no block has begun.</summary>
    public void Pass()
    {
        if (Passed)
        {
            return;
        }

        Passed = true;
        if (_started)
        {
            client.Start(_start);
        }

        if (_usage != default)
        {
            client.Usage(_usage);
        }
    }
}
