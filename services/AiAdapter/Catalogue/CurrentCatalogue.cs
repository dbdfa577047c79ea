using ApiSvc.AiAdapter.Providers;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>
/// Known models and providers as of now. A file that an operator gives is read again when it changes; with any problem in it the
/// old one goes on.
/// </summary>
internal sealed partial class CurrentCatalogue
{
    private readonly WatchedFile<ModelCatalogue> _models;
    private readonly WatchedFile<IReadOnlyDictionary<string, ProviderConfig>> _providers;

    /// <exception cref="InvalidOperationException">A file that is given cannot be read at the start.</exception>
    public CurrentCatalogue(IOptions<CatalogueOptions> options, ILogger<CurrentCatalogue> logger)
    {
        _models = new(
            nameof(CatalogueOptions.ModelsFile),
            options.Value.ModelsFile,
            BuiltInData.Models,
            bytes => CatalogueReader.Read(bytes),
            logger
        );
        _providers = new(
            nameof(CatalogueOptions.ProvidersFile),
            options.Value.ProvidersFile,
            BuiltInData.Providers,
            bytes => ProviderReader.Read(bytes),
            logger
        );
    }

    public ModelCatalogue Models => _models.Current;

    public IReadOnlyDictionary<string, ProviderConfig> Providers => _providers.Current;

    /// <summary>Reads what has changed.</summary>
    public void Look()
    {
        _models.Look();
        _providers.Look();
    }

    private sealed class WatchedFile<T>
        where T : class
    {
        private readonly string? _path;
        private readonly Func<byte[], (T? Data, IReadOnlyList<DataProblem> Problems)> _read;
        private readonly ILogger _logger;
        private (DateTime, long) _seen;
        private T _current;

        public WatchedFile(
            string setting,
            string? path,
            Func<T> builtIn,
            Func<byte[], (T? Data, IReadOnlyList<DataProblem> Problems)> read,
            ILogger logger
        )
        {
            (_path, _read, _logger) = (path, read, logger);
            if (path is null)
            {
                _current = builtIn();
                return;
            }

            var (data, problem) = Read();
            _current =
                data
                ?? throw new InvalidOperationException(
                    $"{CatalogueOptions.Section}:{setting}: {path}: {problem}"
                );
        }

        public T Current => Volatile.Read(ref _current);

        public void Look()
        {
            if (_path is null || StampOf(_path) == _seen)
            {
                return;
            }

            var (data, problem) = Read();
            if (data is null)
            {
                Log.Wrong(_logger, _path, problem);
                return;
            }

            Volatile.Write(ref _current, data);
            Log.Changed(_logger, _path);
        }

        // A file is judged once: what is wrong with it is said once.
        private (T? Data, string Problem) Read()
        {
            try
            {
                _seen = StampOf(_path!);
                var (data, problems) = _read(File.ReadAllBytes(_path!));
                return (data, string.Join("; ", problems.Select(p => $"{p.Path}: {p.Message}")));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return (null, e.Message);
            }
        }

        private static (DateTime, long) StampOf(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{File} is read")]
        public static partial void Changed(ILogger logger, string file);

        [LoggerMessage(
            LogLevel.Error,
            "{File} cannot be used, and what was read before goes on: {Problems}"
        )]
        public static partial void Wrong(ILogger logger, string file, string problems);
    }
}
