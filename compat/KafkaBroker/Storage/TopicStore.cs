using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace KafkaBroker.Storage;

/// <summary>The topics of a data folder.</summary>
internal sealed partial class TopicStore : IDisposable
{
    private const string FileName = "topic.json";

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Topic> _topics = new();
    private readonly string _folder;
    private readonly string _unfinished;
    private readonly bool _flush;
    private readonly ILogger _logger;

    public TopicStore(string dataFolder, bool flush, ILogger logger)
    {
        _folder = Path.Combine(dataFolder, "topics");
        _unfinished = Path.Combine(dataFolder, "unfinished");
        _flush = flush;
        _logger = logger;
        if (Directory.Exists(_unfinished))
        {
            Directory.Delete(_unfinished, recursive: true);
        }

        Directory.CreateDirectory(_unfinished);
        Directory.CreateDirectory(_folder);
        foreach (var folder in Directory.EnumerateDirectories(_folder))
        {
            var name = Path.GetFileName(folder);
            _topics[name] = Open(name);
        }
    }

    public ICollection<Topic> All => _topics.Values;

    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    /// <param name="name">A legal name.</param>
    /// <param name="settings">Settings that were checked.</param>
    /// <returns>The topic, or null if there is one with that name.</returns>
    public Topic? Create(string name, int partitions, IReadOnlyDictionary<string, string> settings)
    {
        lock (_gate)
        {
            if (_topics.ContainsKey(name))
            {
                return null;
            }

            // Made aside and moved: a topic is there whole or not at all.
            var aside = NewUnfinished();
            Directory.CreateDirectory(aside);
            File.WriteAllText(
                Path.Combine(aside, FileName),
                JsonSerializer.Serialize(new TopicFile(partitions, settings))
            );
            Directory.Move(aside, Path.Combine(_folder, name));
            Log.Created(_logger, name, partitions);
            return _topics[name] = Open(name);
        }
    }

    /// <returns>Whether there was such a topic.</returns>
    public bool Delete(string name)
    {
        lock (_gate)
        {
            if (!_topics.TryRemove(name, out var topic))
            {
                return false;
            }

            topic.Dispose();
            var aside = NewUnfinished();
            Directory.Move(Path.Combine(_folder, name), aside);
            Directory.Delete(aside, recursive: true);
            Log.Deleted(_logger, name);
            return true;
        }
    }

    public void Retain(DateTimeOffset now)
    {
        foreach (var topic in _topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                partition.Retain(now);
            }
        }
    }

    public void Dispose()
    {
        foreach (var topic in _topics.Values)
        {
            topic.Dispose();
        }
    }

    private string NewUnfinished() => Path.Combine(_unfinished, Guid.NewGuid().ToString("n"));

    private Topic Open(string name)
    {
        var folder = Path.Combine(_folder, name);
        var file = JsonSerializer.Deserialize<TopicFile>(
            File.ReadAllText(Path.Combine(folder, FileName))
        )!;
        var config = file.Settings.Aggregate(
            TopicConfig.Default,
            (config, setting) => config.With(setting.Key, setting.Value, out _)
        );
        var partitions = Enumerable
            .Range(0, file.Partitions)
            .Select(partition =>
                PartitionLog.Open(
                    Path.Combine(folder, partition.ToString(CultureInfo.InvariantCulture)),
                    config,
                    _flush,
                    (torn, bytes) => Log.Torn(_logger, torn, bytes)
                )
            );
        return new(name, file.Settings, config, [.. partitions]);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Topic {Topic} created with {Partitions} partitions")]
        public static partial void Created(ILogger logger, string topic, int partitions);

        [LoggerMessage(LogLevel.Information, "Topic {Topic} deleted")]
        public static partial void Deleted(ILogger logger, string topic);

        [LoggerMessage(
            LogLevel.Warning,
            "{File} ended in {Bytes} bytes that are no whole batch; they were cut off"
        )]
        public static partial void Torn(ILogger logger, string file, long bytes);
    }
}
