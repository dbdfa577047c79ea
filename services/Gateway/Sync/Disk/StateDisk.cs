using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sealing;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf;

namespace ApiSvc.Gateway.Sync.Disk;

/// <summary>
/// Keeps the last good states of a log: whole ones (bases), and the changes since, which are folded into a new base
/// in the background when they grow. Used by one thread at a time. What is broken costs the states that need it, and
/// nothing else: the newest that is whole is found.
/// </summary>
internal sealed partial class StateDisk(
    StateFolder folder,
    ISealer sealer,
    ILogger<StateDisk> logger
) : IDisposable
{
    public const int BasesKept = 3;
    private const int ChunkLength = 512 * 1024;

    private readonly StateFiles _files = new(folder.Path);
    private readonly List<string> _damage = [];
    private FileStream? _owned;
    private FileStream? _deltas;
    private int _frames;
    private long _number;
    private long _baseLength;
    private long _deltaLength;
    private Task _folding = Task.CompletedTask;

    /// <summary>Changes are folded when they are longer than this, in bytes, and than the base.</summary>
    public long FoldFrom { get; init; } = 1024 * 1024;

    /// <summary>Ends when what is being folded is; nobody has to wait for it.</summary>
    public Task Folding => _folding;

    /// <summary>The newest generation that is safely there; null if none is.</summary>
    public ulong? Generation { get; private set; }

    /// <summary>What was not whole of that which was read: file and reason.</summary>
    public IReadOnlyList<string> Damage => _damage;

    /// <summary>Whether writing this takes the time of a whole state.</summary>
    public bool WritesWhole(IReadOnlyList<Change>? changes) => changes is null || _deltas is null;

    /// <summary>The states that can be had, the newest first, each read when it is asked for.</summary>
    public IEnumerable<ResourceSet> Load()
    {
        ResourceSet? last = null;
        foreach (var number in _files.Bases().Reverse())
        {
            if (ReadBase(number) is not { } whole)
            {
                continue;
            }

            var newest = ReadChanges(whole, number);
            if (last is null || newest.Generation != last.Generation)
            {
                last = newest;
                yield return newest;
            }

            // If the newest cannot be used, perhaps what the base itself was can.
            if (whole.Generation != newest.Generation)
            {
                yield return whole;
            }
        }
    }

    /// <summary>Goes on from a loaded state. A new base is written first: it must not be taken for another's end.</summary>
    public void Resume(ResourceSet state) => Generation = state.Generation;

    /// <summary>Writes a state so that it survives the machine's end.</summary>
    /// <param name="state">All of it.</param>
    /// <param name="changes">What led to it from the state written before; null where that is not known.</param>
    /// <exception cref="IOException">It is not on disk; the next write starts anew.</exception>
    public void Write(ResourceSet state, IReadOnlyList<Change>? changes)
    {
        Own();
        try
        {
            if (WritesWhole(changes))
            {
                WriteWhole(state);
            }
            else
            {
                Append(state, changes!);
            }

            Generation = state.Generation;
        }
        catch
        {
            // What follows would have no beginning.
            CloseDeltas();
            throw;
        }

        if (_deltaLength > Math.Max(FoldFrom, _baseLength) && _folding.IsCompleted)
        {
            StartFolding(state);
        }
    }

    public void Dispose()
    {
        _folding.Wait();
        CloseDeltas();
        _owned?.Dispose();
    }

    private void Own()
    {
        if (_owned is not null)
        {
            return;
        }

        Directory.CreateDirectory(folder.Path);
        // Two processes in one folder would each make the other's changes unreadable.
        _owned = new FileStream(
            Path.Combine(folder.Path, "lock"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None
        );
        _files.RemoveUnfinished();
        _number = _files.Highest();
    }

    private void WriteWhole(ResourceSet state)
    {
        _folding.Wait();
        CloseDeltas();
        _number++;
        WriteBase(_number, state);
        OpenDeltas();
    }

    // Changes go on in a file of their own; until the base is there they follow what is before it.
    private void StartFolding(ResourceSet state)
    {
        CloseDeltas();
        _number++;
        OpenDeltas();
        var number = _number;
        _folding = Task.Run(() =>
        {
            try
            {
                WriteBase(number, state);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.Unfolded(logger, e, folder.Path);
            }
        });
    }

    private void OpenDeltas()
    {
        _deltas = FrameFile.Create(_files.DeltasPath(_number));
        _frames = 0;
        _deltaLength = 0;
    }

    private void CloseDeltas()
    {
        _deltas?.Dispose();
        _deltas = null;
    }

    private void Append(ResourceSet state, IReadOnlyList<Change> changes)
    {
        var delta = new Delta
        {
            FromGeneration = Generation ?? 0,
            ToGeneration = state.Generation,
            Hash = ByteString.CopyFrom(state.Hash.ToArray()),
        };
        delta.Changes.AddRange(changes);
        FrameFile.Append(
            _deltas!,
            sealer,
            Identity("deltas", _number),
            _frames++,
            delta.ToByteArray()
        );
        _deltas!.Flush(flushToDisk: true);
        _deltaLength = _deltas.Length;
    }

    private void WriteBase(long number, ResourceSet state)
    {
        var unfinished = _files.UnfinishedPath(number);
        try
        {
            using (var file = FrameFile.Create(unfinished))
            {
                var identity = Identity("base", number);
                var index = 0;
                foreach (var chunk in ChunksOf(state))
                {
                    FrameFile.Append(file, sealer, identity, index++, chunk.ToByteArray());
                }

                file.Flush(flushToDisk: true);
                _baseLength = file.Length;
            }

            File.Move(unfinished, _files.BasePath(number));
        }
        catch
        {
            // On a full disk the tries must not add up.
            File.Delete(unfinished);
            throw;
        }

        _files.Prune(BasesKept);
    }

    private static IEnumerable<SnapshotChunk> ChunksOf(ResourceSet state)
    {
        var chunk = new SnapshotChunk { Generation = state.Generation, First = true };
        var length = 0;
        foreach (var resource in state.Enumerate())
        {
            if (length > ChunkLength)
            {
                yield return chunk;
                chunk = new() { Generation = state.Generation };
                length = 0;
            }

            var message = new Resource
            {
                Kind = resource.Key.Kind,
                Id = resource.Key.Id,
                Body = resource.Body,
                RequiredFeatures = { resource.RequiredFeatures },
            };
            chunk.Resources.Add(message);
            length += message.CalculateSize();
        }

        chunk.Last = true;
        chunk.Hash = ByteString.CopyFrom(state.Hash.ToArray());
        yield return chunk;
    }

    private ResourceSet? ReadBase(long number)
    {
        var path = _files.BasePath(number);
        var assembler = new UpdateAssembler(ResourceSet.Empty);
        try
        {
            foreach (var frame in Frames(path, Identity("base", number)))
            {
                var chunk = SnapshotChunk.Parser.ParseFrom(frame);
                if (assembler.Accept(new Update { Snapshot = chunk }) is { } whole)
                {
                    return whole.State;
                }
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            NoteBroken(path, e.Message);
        }

        return null;
    }

    // From the base on, through all files of changes, as far as one leads to the next.
    private ResourceSet ReadChanges(ResourceSet state, long from)
    {
        foreach (var number in _files.DeltaFiles().Where(n => n >= from))
        {
            var path = _files.DeltasPath(number);
            try
            {
                foreach (var frame in Frames(path, Identity("deltas", number)))
                {
                    var delta = Delta.Parser.ParseFrom(frame);
                    if (delta.FromGeneration != state.Generation)
                    {
                        break;
                    }

                    var next = state.With(delta.Changes, delta.ToGeneration);
                    if (!StateHash.TryRead(delta.Hash.Span, out var hash) || hash != next.Hash)
                    {
                        NoteBroken(path, $"the hash at {delta.ToGeneration} is another");
                        break;
                    }

                    state = next;
                }
            }
            catch (Exception e) when (IsBroken(e))
            {
                NoteBroken(path, e.Message);
            }
        }

        return state;
    }

    private IEnumerable<byte[]> Frames(string path, string identity) =>
        FrameFile.Read(path, sealer, identity, why => NoteBroken(path, why));

    private void NoteBroken(string path, string reason)
    {
        Log.Broken(logger, path, reason);
        var note = $"{Path.GetFileName(path)}: {reason}";
        // The changes are read again for each base before them.
        if (!_damage.Contains(note))
        {
            _damage.Add(note);
        }
    }

    private string Identity(string what, long number) => $"{folder.Identity}/{what}/{number}";

    private static bool IsBroken(Exception e) =>
        e
            is IOException
                or UnauthorizedAccessException
                or InvalidProtocolBufferException
                or SyncProtocolException;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Of the kept states, {Path} is not whole: {Reason}"
        )]
        public static partial void Broken(ILogger logger, string path, string reason);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The kept changes in {Folder} could not be folded into a new base"
        )]
        public static partial void Unfolded(ILogger logger, Exception exception, string folder);
    }
}
