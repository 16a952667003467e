"""The model that enriches, what it may cost, and what it may be sent."""

from pydantic import BaseModel, Field, SecretStr

from bankimport.settings.types import AmountOfMoney, HttpUrl


class EnrichmentSettings(BaseModel):
    """The model that enriches, what it may cost, and what it may be sent."""

    llm_model: str | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_MODEL",
        description="model for enrichment; absent: rules, known merchants and cache only",
        examples=["openai:gpt-5-mini"],
    )
    llm_base_url: HttpUrl | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_BASE_URL",
        description="address of an OpenAI-compatible model server",
        examples=["http://127.0.0.1:11434/v1"],
    )
    llm_api_key: SecretStr | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_API_KEY",
        description="key for the model server",
        examples=["sk-…"],
    )
    llm_monthly_cap: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_MONTHLY_CAP",
        description="most that enrichment may spend in a calendar month: amount and currency",
        examples=["5.00 USD"],
    )
    llm_job_cap: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_JOB_CAP",
        description="most that one enrichment job may spend, unless it is given a cap of its own",
        examples=["0.50 USD"],
    )
    llm_allow_unknown_cost: bool = Field(
        False,
        validation_alias="BANKIMPORT_LLM_ALLOW_UNKNOWN_COST",
        description="allow calls to a model of unknown price even when a cap is set",
        examples=["true"],
    )
    llm_resume_next_month: bool = Field(
        True,
        validation_alias="BANKIMPORT_LLM_RESUME_NEXT_MONTH",
        description="whether enrichment that stopped at the month's cap resumes by itself next month",
        examples=["false"],
    )
    llm_input_price: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_INPUT_PRICE",
        description="price of a million input tokens, where the price list does not know your model",
        examples=["0.25 USD"],
    )
    llm_output_price: AmountOfMoney | None = Field(
        None,
        validation_alias="BANKIMPORT_LLM_OUTPUT_PRICE",
        description="price of a million output tokens; set both prices or none",
        examples=["2.00 USD"],
    )
    llm_local_only: bool = Field(
        False,
        validation_alias="BANKIMPORT_LLM_LOCAL_ONLY",
        description="whether descriptions may go only to a model server on this machine's loopback address",
        examples=["true"],
    )
    llm_timeout_s: float = Field(
        60,
        gt=0,
        le=600,
        validation_alias="BANKIMPORT_LLM_TIMEOUT_SECONDS",
        description="seconds that one request to the model may take in all",
        examples=["60"],
    )
