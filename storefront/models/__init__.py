"""The tables of the shop: orders and attempts first, then people, then what runs beside them."""

from .base import TRACES as TRACES
from .base import EventState as EventState
from .base import Table as Table
from .base import TaskKind as TaskKind
from .orders import WITH_ORDER as WITH_ORDER
from .orders import Attempt as Attempt
from .orders import Order as Order
from .orders import OrderLine as OrderLine
from .orders import OrderMove as OrderMove
from .orders import new_attempt_key as new_attempt_key
from .orders import new_order_number as new_order_number
from .people import OmiseCustomer as OmiseCustomer
from .running import Heartbeat as Heartbeat
from .running import Mail as Mail
from .running import Stock as Stock
from .running import Task as Task
from .running import WebhookEvent as WebhookEvent
