"""Logs over OTLP, beside those on standard error: the same records, each with its trace."""

import logging
import time

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.resources import Resource

_OF_THE_EXPORTER = ("opentelemetry", "urllib3", "requests")
"""Loggers of the exporter: sending their records would cause more records."""
_SEVERITIES = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
    logging.CRITICAL: SeverityNumber.FATAL,
}


class OtlpHandler(logging.Handler):
    """Forwards each record: the event as the body, its fields as attributes, a traceback without values."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._provider = provider

    def emit(self, record: logging.LogRecord) -> None:
        """Forward one record."""
        if record.name.startswith(_OF_THE_EXPORTER):
            return
        fields = dict(record.msg) if isinstance(record.msg, dict) else {"event": record.getMessage()}
        body = str(fields.pop("event", ""))
        attributes: dict[str, str | bool | int | float] = {
            name: value if isinstance(value, str | bool | int | float) else str(value)
            for name, value in fields.items()
            if not name.startswith("_") and name not in ("level", "logger", "timestamp", "exc_info", "stack_info")
        }
        error = fields.get("exc_info") or record.exc_info
        if error:
            info = record.exc_info if not isinstance(error, tuple) else error
            if info and info[0] is not None:
                attributes["exception.type"] = info[0].__name__
                attributes["exception.stacktrace"] = logging.Formatter().formatException(info)
        self._provider.get_logger(record.name).emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                observed_timestamp=time.time_ns(),
                severity_number=_SEVERITIES.get(record.levelno, SeverityNumber.UNSPECIFIED),
                severity_text=record.levelname,
                body=body,
                attributes=attributes,
            )
        )


def send_logs(resource: Resource) -> LoggerProvider:
    """Send every log record of this process from now on; unsent records are sent when it ends."""
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

    provider = LoggerProvider(resource=resource)
    provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    logging.getLogger().addHandler(OtlpHandler(provider))
    return provider
