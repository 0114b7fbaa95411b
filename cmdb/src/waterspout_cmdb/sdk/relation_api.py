"""The CMDB's API for relations between models and between instances."""

from __future__ import absolute_import, division, print_function

import waterspout

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Mapping, Sequence  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

_RELATION = "/object_relation/{relation_id}"
_SIDE = "/object/{object_id}/relation/{side}/"


class RelationAPI(waterspout.BaseSDK):
    """Relates models, and then their instances; see `CMDBSDK`.

    ``side`` is the name of the field in which an instance shows its related instances.
    """

    def object_relation_api_create_relation(self, payload):
        # type: (Mapping) -> Future[Dict]
        """Create a relation between two models.

        Args:
            payload: has ``left_object_id``, ``left_id``, ``right_object_id`` and ``right_id``.
        Returns: ``data`` is the relation.
        """
        return self.fetch_async("POST", "/object_relation", json=payload)

    def object_relation_api_get_relation(self, relation_id):
        # type: (str) -> Future[Dict]
        """Return a relation between models in ``data``."""
        return self._relation("GET", relation_id)

    def object_relation_api_update_relation(self, relation_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Change names, descriptions and maxima of a relation; ``data`` is the relation."""
        return self._relation("PUT", relation_id, json=payload)

    def object_relation_api_delete_relation(self, relation_id):
        # type: (str) -> Future[Dict]
        """Delete a relation, also between instances; ``data`` is the deleted relation."""
        return self._relation("DELETE", relation_id)

    def instance_relation_api_set(self, object_id, side, instance_ids, related_instance_ids):
        # type: (str, str, Sequence[str], Sequence[str]) -> Future[Dict]
        """Relate each instance to the related instances, and to no others; ``data`` is None."""
        return self._relate("set", object_id, side, instance_ids, related_instance_ids)

    def instance_relation_api_append(self, object_id, side, instance_ids, related_instance_ids):
        # type: (str, str, Sequence[str], Sequence[str]) -> Future[Dict]
        """Relate each instance to the related instances, too; ``data`` is None."""
        return self._relate("append", object_id, side, instance_ids, related_instance_ids)

    def instance_relation_api_remove(self, object_id, side, instance_ids, related_instance_ids):
        # type: (str, str, Sequence[str], Sequence[str]) -> Future[Dict]
        """Remove the relations between the instances and the related ones; ``data`` is None."""
        return self._relate("remove", object_id, side, instance_ids, related_instance_ids)

    def _relation(self, method, relation_id, **kwargs):
        return self.fetch_async(method, _RELATION, path={"relation_id": relation_id}, **kwargs)

    def _relate(self, operation, object_id, side, instance_ids, related_instance_ids):
        return self.fetch_async(
            "POST",
            _SIDE + operation,
            path={"object_id": object_id, "side": side},
            json={
                "instance_ids": list(instance_ids),
                "related_instance_ids": list(related_instance_ids),
            },
        )
